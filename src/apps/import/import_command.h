#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet import`: an authority of Dogtag's, from its configuration, keys and an export of
/// its directory, becomes one of ours. In a new folder, or, broken off, from where it stopped.
void add_import_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
