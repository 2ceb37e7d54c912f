#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// signet revoke: one message that revokes, holds or releases certificates, sent and answered.
void add_revoke_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
