#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet ca republish`: has the server tell its directory of certificates once more.
void add_ca_republish_command(CLI::App& ca, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
