#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Adds `signet publish`: a directory is to have certificates, or to have them no more (RFC 10002
/// §6.18).
void add_publish_certificates_command(CLI::App& app, Context& context,
                                      const Surroundings& surroundings);

}  // namespace signet::tool
