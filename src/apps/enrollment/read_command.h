#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet read`: checks an answer file against its exchange file, writes the certificates.
void add_read_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
