#include "base/clock.h"

#include <cstdint>
#include <ctime>

namespace signet {
namespace {

/// With zeros before it, so that it has at least `digits`. Each audit record has a time: printf
/// would take a fifth of what the record takes.
void append_number(std::string& text, std::int64_t number, std::size_t digits) {
  if (number < 0 && digits > 0) {
    text += '-';
    return append_number(text, -number, digits - 1);
  }
  const auto written = std::to_string(number);
  if (written.size() < digits) text.append(digits - written.size(), '0');
  text += written;
}

/// "2026-11-23T14:46:20"
std::string without_zone(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::string text;
  text.reserve(sizeof "2026-11-23T14:46:20.123Z");
  append_number(text, static_cast<int>(date.year()), 4);
  text += '-';
  append_number(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_number(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_number(text, clock.hours().count(), 2);
  text += ':';
  append_number(text, clock.minutes().count(), 2);
  text += ':';
  append_number(text, clock.seconds().count(), 2);
  return text;
}

}  // namespace

PreciseTime SystemClock::now_precise() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_text(Time time) {
  auto text = without_zone(time);
  return text += 'Z';
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

std::string to_text(PreciseTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  auto text = without_zone(second);
  text += '.';
  append_number(text, (time - second).count(), 3);
  return text += 'Z';
}

}  // namespace signet
