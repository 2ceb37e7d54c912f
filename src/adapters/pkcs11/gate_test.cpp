#include "adapters/pkcs11/gate.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

namespace signet::pkcs11 {
namespace {

/// Two that come and go so that one of them is always inside, as long as both are let in.
class Relay {
 public:
  explicit Relay(Gate& gate) : gate_(gate) {}
  ~Relay() {
    ended_ = true;
    for (auto& runner : runners_) runner.join();
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void await_rounds(int rounds) const {
    while (rounds_[0] < rounds || rounds_[1] < rounds) std::this_thread::yield();
  }

 private:
  void run(std::atomic<int>& mine, const std::atomic<int>& others) {
    while (!ended_) {
      const std::shared_lock inside(gate_, std::try_to_lock);
      if (!inside.owns_lock()) continue;
      const int before = others;
      ++mine;
      for (int times = 0; times < 1'000 && others == before; ++times) std::this_thread::yield();
    }
  }

  Gate& gate_;
  std::atomic<bool> ended_{false};
  std::array<std::atomic<int>, 2> rounds_{};
  std::array<std::thread, 2> runners_{std::thread([this] { run(rounds_[0], rounds_[1]); }),
                                      std::thread([this] { run(rounds_[1], rounds_[0]); })};
};

TEST(Gate, LetsOneInAloneThoughOthersComeAndGoWithoutEnd) {
  Gate gate(std::chrono::hours{1});
  const Relay relay(gate);
  relay.await_rounds(10);
  for (int times = 0; times < 5; ++times) {
    const std::unique_lock alone(gate, std::try_to_lock);
    EXPECT_TRUE(alone.owns_lock());
  }
  relay.await_rounds(20);
}

TEST(Gate, LetsNobodyWaitForOneWhoStaysInsideAlone) {
  Gate gate(std::chrono::milliseconds{0});
  std::unique_lock alone(gate, std::try_to_lock);
  ASSERT_TRUE(alone.owns_lock());
  EXPECT_FALSE(std::shared_lock(gate, std::try_to_lock).owns_lock());
  EXPECT_FALSE(std::unique_lock(gate, std::try_to_lock).owns_lock());
  alone.unlock();
  EXPECT_TRUE(std::shared_lock(gate, std::try_to_lock).owns_lock());
}

TEST(Gate, IsOpenForOthersAgainOnceOneGaveUpToBeAlone) {
  Gate gate(std::chrono::milliseconds{0});
  const std::shared_lock inside(gate, std::try_to_lock);
  ASSERT_TRUE(inside.owns_lock());
  EXPECT_FALSE(std::unique_lock(gate, std::try_to_lock).owns_lock());
  EXPECT_TRUE(std::shared_lock(gate, std::try_to_lock).owns_lock());
}

}  // namespace
}  // namespace signet::pkcs11
