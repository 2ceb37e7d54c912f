#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet renew`: another certificate for the holder of one, signed by it (RFC 10002 §2).
void add_renew_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
