#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"

namespace signet::tool {

/// `signet audit verify` and `signet audit show`: an authority's audit journal.
void add_audit_command(CLI::App& app, Context& context);

}  // namespace signet::tool
