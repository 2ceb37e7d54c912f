#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// PKCS10Client: makes a key in the database and a PKCS#10 for it; gives the exit status.
int run_pkcs10_client(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
