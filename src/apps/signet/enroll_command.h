#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet enroll`: key, request, message, answer, certificate in one command.
void add_enroll_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
