#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

void add_import_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
