#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet send`: sends a message file, keeps the answer as a file, checks nothing.
void add_send_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
