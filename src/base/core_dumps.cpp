#include "base/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace signet {

void keep_out_of_core_dumps() {
  const rlimit none{};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // whose search for leaks looks into the process
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace signet
