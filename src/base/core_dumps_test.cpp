#include "base/core_dumps.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace signet {
namespace {

/// In a process of its own, since it is for good. 0: as it should be.
int ask_a_child() {
  const auto child = ::fork();
  if (child == 0) {
    keep_out_of_core_dumps();
    rlimit limit{1, 1};
    ::getrlimit(RLIMIT_CORE, &limit);
#ifdef __SANITIZE_ADDRESS__
    ::_exit(limit.rlim_max == 0 ? 0 : 1);
#else
    ::_exit(limit.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
#endif
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
