#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet request`: makes key, certification request and message into files, sends nothing.
void add_request_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
