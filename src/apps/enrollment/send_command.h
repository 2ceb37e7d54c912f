#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet send`: sends a message file, keeps the answer as a file, checks nothing.
void add_send_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
