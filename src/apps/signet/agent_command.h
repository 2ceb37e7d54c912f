#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// Adds `signet agent`: what waits for an agent, and its decisions (docs/agent-api.yaml).
void add_agent_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
