#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"

namespace signet::tool {

/// `signet profile check|explain|list`: enrollment profiles in Dogtag's form, before a server has
/// them.
void add_profile_command(CLI::App& app, Context& context);

}  // namespace signet::tool
