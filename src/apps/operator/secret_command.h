#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret create|list|revoke|wrap|revocation|import`: the shared secrets that an authority
/// keeps itself, those by which certificates are revoked, and (`wrap`) those of a directory. Works
/// on the authority's store beside a running server; what it changes counts at once.
void add_secret_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
