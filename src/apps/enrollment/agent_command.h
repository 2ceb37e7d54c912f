#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet agent`: what waits for an agent, and its decisions (docs/agent-api.yaml).
void add_agent_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
