#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret import`: takes over many from a file, or, when one line will not do, none.
void add_secret_import_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings);

}  // namespace signet::tool
