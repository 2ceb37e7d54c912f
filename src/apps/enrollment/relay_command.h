#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet relay`: hands messages of clients on to the authority as a registration authority,
/// and the authority's answers back (RFC 10002 §8).
void add_relay_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
