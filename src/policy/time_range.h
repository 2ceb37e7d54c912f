#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace signet::policy {

enum class TimeUnit { minute, hour, day, month, year };

/// Dogtag's rangeUnit; an empty one is day. None for an unknown word.
std::optional<TimeUnit> time_unit_from_text(std::string_view text);

std::string_view to_text(TimeUnit unit);

/// A length of time by the calendar: "180 days", "2 years".
struct TimeRange {
  std::int64_t count = 0;
  TimeUnit unit = TimeUnit::day;
};
std::string to_text(TimeRange range);

/// The most that a range may count, so that no sum leaves the calendar: a thousand years.
inline constexpr std::int64_t kMostMinutes = 1000LL * 366 * 24 * 60;
std::int64_t most_of(TimeUnit unit);

/// `from` plus the range, in UTC. Months and years keep the day of the month, or take the month's
/// last day where it has no such day (31 January plus one month is the end of February).
Time add(Time from, TimeRange range);

}  // namespace signet::policy
