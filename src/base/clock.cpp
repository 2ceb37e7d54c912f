#include "base/clock.h"

#include <cstdio>
#include <ctime>

namespace signet {

std::chrono::sys_time<std::chrono::milliseconds> SystemClock::now_precise() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

Result<Time> time_from_text(std::string_view text) {
  const std::string terminated(text);
  for (const char* const format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
    std::tm parts{};
    const char* const rest = strptime(terminated.c_str(), format, &parts);
    if (rest != nullptr && *rest == 0) return Time(std::chrono::seconds(timegm(&parts)));
  }
  return Error{Fault::malformed,
               "\"" + terminated + "\" is no time: 2026-11-24 or 2026-11-24T08:30:00Z"};
}

std::string to_text(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  auto text = to_text(second);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>((time - second).count()));
  text.pop_back();
  return text + fraction;
}

}  // namespace signet
