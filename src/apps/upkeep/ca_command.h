#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca init`: an authority, its TLS certificate, its first agent, its store, journal and
/// configuration, by one command; and what is done with them in the course of time.
void add_ca_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
