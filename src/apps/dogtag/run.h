#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// Runs the tool of this name ("CMCRequest") and gives its exit status.
int run(std::string_view tool, const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
