#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CMCRequest FILE: makes a CMC message as a configuration file says, and gives the exit status.
int run_cmc_request(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
