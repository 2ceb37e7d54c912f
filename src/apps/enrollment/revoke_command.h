#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// signet revoke: one message that revokes, holds or releases certificates, sent and answered.
void add_revoke_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
