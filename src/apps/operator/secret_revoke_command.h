#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret revoke`: takes a secret back.
void add_secret_revoke_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings);

}  // namespace signet::tool
