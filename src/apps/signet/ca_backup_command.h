#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet ca backup` and `signet ca restore`.
void add_ca_backup_commands(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
