#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CMCRevoke: makes a signed revocation, CMCRevoke.out; gives the exit status.
int run_cmc_revoke(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
