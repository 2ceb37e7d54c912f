#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet confirm`: says that a certificate is taken, or not (RFC 10002 §6.14).
void add_confirm_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
