#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca rollover`: another key for the authority.
void add_ca_rollover_command(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
