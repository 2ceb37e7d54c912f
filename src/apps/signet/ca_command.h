#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"

namespace signet::tool {

/// `signet ca init`: an authority, its TLS certificate, its first agent, its store, journal and
/// configuration, by one command.
void add_ca_command(CLI::App& app, Context& context);

}  // namespace signet::tool
