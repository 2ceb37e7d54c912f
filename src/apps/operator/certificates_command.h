#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet certificates`: what an authority has issued, found by name, number, key, time or state.
/// Reads the store alone, beside a running server.
void add_certificates_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
