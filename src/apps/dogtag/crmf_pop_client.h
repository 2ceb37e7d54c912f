#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// CRMFPopClient: makes a key in the database and a CRMF request for it; gives the exit status.
int run_crmf_pop_client(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
