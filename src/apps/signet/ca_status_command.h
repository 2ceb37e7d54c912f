#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet ca status`: how long the authority's own certificates still live.
void add_ca_status_command(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
