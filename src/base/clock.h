#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace signet {

/// A point in time to the second, UTC: what certificates and messages hold.
using Time = std::chrono::sys_seconds;
/// To the millisecond, UTC: what records hold.
using PreciseTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where the time comes from. Tests pass a fixed one.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual PreciseTime now_precise() const = 0;
  [[nodiscard]] Time now() const { return std::chrono::floor<std::chrono::seconds>(now_precise()); }
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] PreciseTime now_precise() const override;
};

/// "2026-11-23T14:46:20Z"
std::string to_text(Time time);
/// From that, or from "2026-11-23", which is its first second. Faults: malformed.
Result<Time> time_from_text(std::string_view text);
/// "2026-11-23T14:46:20.123Z"
std::string to_text(PreciseTime time);

}  // namespace signet
