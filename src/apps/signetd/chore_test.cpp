#include "apps/signetd/chore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
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

TEST(Chore, HasTheWorkUnderWayBrokenOffAtItsEnd) {
  test::KeepingLog log;
  std::promise<void> begun;
  std::promise<void> broken_off;
  auto end = std::future_status::timeout;
  Chore chore(
      "sweep", log,
      [&]() -> std::chrono::milliseconds {
        begun.set_value();
        end = broken_off.get_future().wait_for(std::chrono::seconds{20});
        return std::chrono::hours{1};
      },
      [&] { broken_off.set_value(); });
  begun.get_future().wait();
  chore.end();
  EXPECT_EQ(end, std::future_status::ready);
  chore.end();
}

}  // namespace
}  // namespace signet::server
