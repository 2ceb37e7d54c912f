#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret list`: all of them with their state, no secret itself.
void add_secret_list_command(CLI::App& secret, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
