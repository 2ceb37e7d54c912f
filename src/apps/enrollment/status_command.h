#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet status`: whether certificates are good, by OCSP and by the CRL.
void add_status_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
