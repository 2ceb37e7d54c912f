#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"

namespace signet::tool {

/// `signet inspect`: a message, request or certificate as a tree in the standard's terms.
void add_inspect_command(CLI::App& app, Context& context);

}  // namespace signet::tool
