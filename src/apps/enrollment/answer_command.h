#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// signet answer: opens the challenge in an answer and makes the second message; sends nothing.
void add_answer_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
