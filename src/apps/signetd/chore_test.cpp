#include "apps/signetd/chore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "support/keeping_log.h"

namespace signet::server {
namespace {

TEST(Chore, GoesOnAfterWhatWasThrownInItAndTellsTheLog) {
  test::KeepingLog log;
  std::atomic<int> rounds = 0;
  Chore chore("sweep", log, [&]() -> std::chrono::milliseconds {
    if (++rounds == 1) throw std::runtime_error("no memory");
    return std::chrono::hours{1};
  });
  while (rounds < 2) chore.wake();  // it need not rest as long as after a failure
  chore.end();
  EXPECT_EQ(log.lines, std::vector<std::string>{"own_work_broken_off what=sweep why=no memory"});
}

}  // namespace
}  // namespace signet::server
