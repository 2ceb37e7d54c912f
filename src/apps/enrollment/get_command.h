#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet get`: a certificate or the CRL, by CMC (RFC 10002 §6.9, §6.10).
void add_get_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
