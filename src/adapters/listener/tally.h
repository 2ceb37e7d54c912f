#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "base/log.h"

namespace signet::listener {

/// What was refused before it was heard, counted, and logged at most once a second: a flood of it
/// must not become a flood of log lines. From any thread.
class Tally {
 public:
  using Clock = std::chrono::steady_clock;

  /// `event`: what the log calls it, with its fields why, client and the count so far. `log` and
  /// the text behind `event` outlive this.
  Tally(Log& log, Log::Level level, std::string_view event)
      : log_(log), level_(level), event_(event) {}

  void add(std::string_view client, std::string_view why, Clock::time_point now = Clock::now());
  [[nodiscard]] std::uint64_t count() const;

 private:
  Log& log_;
  const Log::Level level_;
  const std::string_view event_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  Clock::time_point told_{};
};

}  // namespace signet::listener
