#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca backup` and `signet ca restore`.
void add_ca_backup_commands(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
