#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "apps/tool/context.h"

namespace signet::tool {

/// Adds commands, which write to the context.
using AddCommands = std::function<void(CLI::App& app, Context& context)>;

/// Gives every command that does something --json.
void add_json_flag(CLI::App& app, Context& context);

/// Reads the command line and does what the command it names does; every one of them takes --json.
/// What the tool is and examples of it, `add` says with the commands, last: CLI11 hands a footer
/// down to commands that are added after it. Gives the exit status: 0 done; 1 refused or failed; 2
/// called wrongly, as the command line alone shows, whatever files and servers hold: by the parser,
/// by the values that its checks do not take, or by check_usage; 3 not yet (kNotYet).
int run_command_line(int argc, const char* const* argv, Context context, const AddCommands& add);

}  // namespace signet::tool
