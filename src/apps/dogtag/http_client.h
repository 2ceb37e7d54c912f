#pragma once

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// HttpClient FILE: posts a message and writes the answer; gives the exit status.
int run_http_client(const Arguments& arguments, Console& console);

}  // namespace signet::dogtag
