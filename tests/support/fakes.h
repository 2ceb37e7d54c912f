#pragma once

#include "base/clock.h"
#include "base/random_source.h"

namespace signet::test {

/// A clock that stands still until it is moved.
class FixedClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> now_precise() const override {
    return now_;
  }
  void advance(std::chrono::seconds by) { now_ += by; }
  void set(Time time) { now_ = time; }

 private:
  // 2026-11-23T12:00:00Z
  std::chrono::sys_time<std::chrono::milliseconds> now_{std::chrono::seconds{1795435200}};
};

/// Randomness that counts: 0, 1, 2, … so that a test can foresee it.
class CountingRandom final : public RandomSource {
 public:
  Result<void> fill(std::span<std::uint8_t> octets) override {
    for (auto& octet : octets) octet = next_++;
    return {};
  }

 private:
  std::uint8_t next_ = 0;
};

}  // namespace signet::test
