#include "base/core_dumps.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace signet {
namespace {

/// Sanitizers look into the process, and it stays open to them.
bool looks_for_leaks() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  return true;
#endif
#endif
  return false;
}

/// In a process of its own, since it is for good. 0: as it should be.
int ask_a_child() {
  const auto child = ::fork();
  if (child == 0) {
    rlimit limit{1, 1};
    ::setrlimit(RLIMIT_CORE, &limit);  // one to be taken away, where there may be any
    keep_out_of_core_dumps();
    ::getrlimit(RLIMIT_CORE, &limit);
    const bool is_dumpable = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;
    ::_exit(limit.rlim_max == 0 && (!is_dumpable || looks_for_leaks()) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(CoreDumps, LeaveTheProcessOut) {
  EXPECT_EQ(ask_a_child(), 0);
}

}  // namespace
}  // namespace signet
