#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca status`: how long the authority's own certificates still live.
void add_ca_status_command(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
