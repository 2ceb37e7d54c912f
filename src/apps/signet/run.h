#pragma once

#include <CLI/CLI.hpp>
#include <ostream>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Every command with its options. `context` and `surroundings` outlive `app`.
void add_commands(CLI::App& app, Context& context, const Surroundings& surroundings);

/// The whole tool: reads the command line and does what it says.
/// Gives the exit status: 0 done, 1 refused or failed, 2 called wrongly, 3 not yet: ask again
/// later.
int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
        const Surroundings& surroundings = system_surroundings());

}  // namespace signet::tool
