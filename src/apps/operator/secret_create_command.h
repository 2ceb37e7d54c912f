#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret create`: a secret for somebody, made here or chosen.
void add_secret_create_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings);

}  // namespace signet::tool
