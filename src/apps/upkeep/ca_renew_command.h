#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca renew`: new certificates for TLS, for signing responses, for encryption and for the
/// first agent, before the old ones end.
void add_ca_renew_command(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
