#include "policy/time_range.h"

#include <gtest/gtest.h>

namespace signet::policy {
namespace {

Time at(int year, unsigned month, unsigned day, std::chrono::seconds time_of_day = {}) {
  using namespace std::chrono;
  return sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} +
         time_of_day;
}

TEST(TimeRange, AddsDaysHoursAndMinutesByTheClock) {
  EXPECT_EQ(add(at(2026, 11, 23), {180, TimeUnit::day}), at(2027, 5, 22));
  EXPECT_EQ(add(at(2026, 12, 31), {24, TimeUnit::hour}), at(2027, 1, 1));
  EXPECT_EQ(add(at(2026, 12, 31), {90, TimeUnit::minute}),
            at(2026, 12, 31) + std::chrono::minutes{90});
}

TEST(TimeRange, AddsMonthsAndYearsByTheCalendar) {
  const std::chrono::seconds noon{12 * 3600};
  EXPECT_EQ(add(at(2026, 11, 23, noon), {2, TimeUnit::month}), at(2027, 1, 23, noon));
  EXPECT_EQ(add(at(2026, 11, 23, noon), {1, TimeUnit::year}), at(2027, 11, 23, noon));
}

TEST(TimeRange, TakesTheLastDayOfAMonthThatIsTooShort) {
  EXPECT_EQ(add(at(2027, 1, 31), {1, TimeUnit::month}), at(2027, 2, 28));
  EXPECT_EQ(add(at(2028, 1, 31), {1, TimeUnit::month}), at(2028, 2, 29));
  EXPECT_EQ(add(at(2028, 2, 29), {1, TimeUnit::year}), at(2029, 2, 28));
}

TEST(TimeRange, ReadsDogtagsUnits) {
  EXPECT_EQ(time_unit_from_text(""), TimeUnit::day);
  EXPECT_EQ(time_unit_from_text("day"), TimeUnit::day);
  EXPECT_EQ(time_unit_from_text("minute"), TimeUnit::minute);
  EXPECT_EQ(time_unit_from_text("year"), TimeUnit::year);
  EXPECT_EQ(time_unit_from_text("days"), std::nullopt);
  EXPECT_EQ(time_unit_from_text("week"), std::nullopt);
}

TEST(TimeRange, PrintsItself) {
  EXPECT_EQ(to_text(TimeRange{1, TimeUnit::day}), "1 day");
  EXPECT_EQ(to_text(TimeRange{2, TimeUnit::year}), "2 years");
}

TEST(TimeRange, TheMostOfEachUnitStaysInTheCalendar) {
  for (const auto unit :
       {TimeUnit::minute, TimeUnit::hour, TimeUnit::day, TimeUnit::month, TimeUnit::year}) {
    EXPECT_LT(add(at(9999, 12, 31), {most_of(unit), unit}), at(11010, 1, 1));
  }
}

}  // namespace
}  // namespace signet::policy
