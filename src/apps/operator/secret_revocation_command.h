#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret revocation`: registers the secret by which a certificate may be revoked.
void add_secret_revocation_command(CLI::App& secret, Context& context,
                                   const Surroundings& surroundings);

}  // namespace signet::tool
