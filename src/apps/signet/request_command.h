#pragma once

#include <CLI/CLI.hpp>

#include "apps/signet/context.h"
#include "apps/signet/surroundings.h"

namespace signet::tool {

/// `signet request`: makes key, certification request and message into files, sends nothing.
void add_request_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
