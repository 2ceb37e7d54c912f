#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// Adds `signet poll`: what became of a request that waits for a decision (RFC 10002 §6.13).
void add_poll_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
