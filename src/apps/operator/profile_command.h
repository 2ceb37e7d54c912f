#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet profile check|explain|list|publish`: enrollment profiles in Dogtag's form, before a
/// server has them.
void add_profile_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
