#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CMCEnroll: an agent signs a PKCS#10; gives the exit status.
int run_cmc_enroll(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
