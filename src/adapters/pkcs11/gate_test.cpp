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
      const std::shared_lock inside(gate_);
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

/// Fails by never coming to an end.
TEST(Gate, LetsOneInAloneThoughOthersComeAndGoWithoutEnd) {
  Gate gate;
  const Relay relay(gate);
  relay.await_rounds(10);
  for (int times = 0; times < 5; ++times) {
    const std::lock_guard alone(gate);
  }
  relay.await_rounds(20);
}

}  // namespace
}  // namespace signet::pkcs11
