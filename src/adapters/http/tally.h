#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "base/log.h"

namespace signet::http {

/// Connections that ended before a request, counted, and logged at most once a second: a flood of
/// them must not become a flood of log lines. From any thread. Private to this room.
class Tally {
 public:
  /// `event`: what the log calls it, with its fields why, client and the count so far. `log` and
  /// the text behind `event` outlive this.
  Tally(Log& log, Log::Level level, std::string_view event)
      : log_(log), level_(level), event_(event) {}

  void add(std::string_view client, std::string_view why);
  [[nodiscard]] std::uint64_t count() const;

 private:
  using Clock = std::chrono::steady_clock;

  Log& log_;
  const Log::Level level_;
  const std::string_view event_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  Clock::time_point told_{};
};

}  // namespace signet::http
