#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CMCSharedToken: wraps a shared secret for the directory; gives the exit status.
int run_cmc_shared_token(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
