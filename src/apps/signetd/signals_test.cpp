#include "apps/signetd/signals.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/keeping_log.h"

namespace signet::server {
namespace {

/// Holds signals as the server does, and lets the other tests have them as before.
class Signals : public ::testing::Test {
 protected:
  Signals() {
    pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    held = hold_signals();
  }
  ~Signals() override { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t held{};
  test::KeepingLog log;

 private:
  sigset_t before_{};
};

TEST_F(Signals, AReloadThatThrowsIsLoggedAndEndsNothing) {
  pthread_kill(pthread_self(), SIGHUP);
  pthread_kill(pthread_self(), SIGTERM);
  int reloads = 0;
  const auto reload = [&] {
    ++reloads;
    throw std::runtime_error("out of memory");
  };
  wait_for_end(held, reload, log);
  EXPECT_EQ(reloads, 1);
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_EQ(log.lines[0], "own_work_broken_off what=reload why=out of memory");
  EXPECT_EQ(log.lines[1], "draining signal=SIGTERM");
}

}  // namespace
}  // namespace signet::server
