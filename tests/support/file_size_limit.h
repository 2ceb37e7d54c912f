#pragma once

#include <signal.h>
#include <sys/resource.h>

#include "base/check.h"

namespace signet::test {

/// While it lives, no file of this process may grow beyond `octets`: writes fall short, then fail,
/// as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    CHECK(::getrlimit(RLIMIT_FSIZE, &old_) == 0);
    const rlimit wanted{octets, old_.rlim_max};
    CHECK(::setrlimit(RLIMIT_FSIZE, &wanted) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

}  // namespace signet::test
