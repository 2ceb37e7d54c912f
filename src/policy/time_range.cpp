#include "policy/time_range.h"

#include <array>

namespace signet::policy {
namespace {

constexpr std::array<std::string_view, 5> kWords{"minute", "hour", "day", "month", "year"};

Time add_months(Time from, std::int64_t count) {
  using namespace std::chrono;
  const auto day_start = floor<days>(from);
  const year_month_day date{day_start};
  const auto month = year_month{date.year(), date.month()} + months{count};
  const auto last = year_month_day_last{month.year(), month_day_last{month.month()}}.day();
  const auto day = date.day() < last ? date.day() : last;
  return sys_days{month / day} + (from - day_start);
}

}  // namespace

std::optional<TimeUnit> time_unit_from_text(std::string_view text) {
  if (text.empty()) return TimeUnit::day;
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords.at(i) == text) return static_cast<TimeUnit>(i);
  }
  return std::nullopt;
}

std::string_view to_text(TimeUnit unit) {
  return kWords.at(static_cast<std::size_t>(unit));
}

std::string to_text(TimeRange range) {
  const std::string word{to_text(range.unit)};
  return std::to_string(range.count) + " " + word + (range.count == 1 ? "" : "s");
}

std::int64_t most_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::minute:
      return kMostMinutes;
    case TimeUnit::hour:
      return kMostMinutes / 60;
    case TimeUnit::day:
      return kMostMinutes / (60 * 24);
    case TimeUnit::month:
      return 1000 * 12;
    case TimeUnit::year:
      return 1000;
  }
  return 0;
}

Time add(Time from, TimeRange range) {
  switch (range.unit) {
    case TimeUnit::minute:
      return from + std::chrono::minutes{range.count};
    case TimeUnit::hour:
      return from + std::chrono::hours{range.count};
    case TimeUnit::day:
      return from + std::chrono::days{range.count};
    case TimeUnit::month:
      return add_months(from, range.count);
    case TimeUnit::year:
      return add_months(from, 12 * range.count);
  }
  return from;
}

}  // namespace signet::policy
