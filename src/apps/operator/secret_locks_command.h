#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret locks`: which secrets are locked after wrong proofs, since when and until when.
void add_secret_locks_command(CLI::App& secret, Context& context, const Surroundings& surroundings);

/// `signet secret unlock`: lets one of them be proven again at once.
void add_secret_unlock_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings);

}  // namespace signet::tool
