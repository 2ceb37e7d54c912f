#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

void add_import_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
