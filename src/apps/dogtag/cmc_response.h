#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CMCResponse: shows an answer and checks its signature; the exit status tells whether it says
/// success.
int run_cmc_response(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
