#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet secret wrap`: a secret as a directory keeps it, for signetd to read there.
void add_secret_wrap_command(CLI::App& secret, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
