#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// signet answer: opens the challenge in an answer and makes the second message; sends nothing.
void add_answer_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
