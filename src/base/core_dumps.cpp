#include "base/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
#define SIGNET_LOOKS_FOR_LEAKS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIGNET_LOOKS_FOR_LEAKS
#endif
#endif

namespace signet {

void keep_out_of_core_dumps() {
  const rlimit none{};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef SIGNET_LOOKS_FOR_LEAKS  // which looks into the process
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace signet
