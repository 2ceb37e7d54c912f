#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet secret create|list|revoke|import`: the shared secrets that an authority keeps itself.
/// Works on its store beside a running server; what it changes counts at once.
void add_secret_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
