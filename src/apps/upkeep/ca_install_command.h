#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"

namespace signet::tool {

/// `signet ca install-certificate`: what another authority answered to this one's request.
void add_ca_install_command(CLI::App& ca, Context& context);

}  // namespace signet::tool
