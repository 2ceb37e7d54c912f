#pragma once

#include <CLI/CLI.hpp>

#include "apps/tool/context.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// `signet profile publish`: a folder of profiles becomes the store's next edition, which all nodes
/// take. What they could not offer is refused here, whole.
void add_publish_command(CLI::App& profile, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
