#include "base/clock.h"

#include <charconv>
#include <cstdint>
#include <optional>

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

/// Reads a text of fixed form from its beginning on.
class FixedForm {
 public:
  explicit FixedForm(std::string_view text) : left_(text) {}

  [[nodiscard]] bool is_at_end() const { return left_.empty(); }
  bool skip(char wanted) {
    if (!left_.starts_with(wanted)) return false;
    left_.remove_prefix(1);
    return true;
  }
  /// So many decimal digits, of a number that is at most `most`.
  std::optional<unsigned> number(std::size_t digits, unsigned most) {
    if (left_.size() < digits) return std::nullopt;
    unsigned number = 0;
    const auto* const end = left_.data() + digits;
    const auto [stopped, error] = std::from_chars(left_.data(), end, number);
    if (error != std::errc() || stopped != end || number > most) return std::nullopt;
    left_.remove_prefix(digits);
    return number;
  }

 private:
  std::string_view left_;
};

/// "2026-11-23", if there is such a day.
std::optional<std::chrono::sys_days> read_day(FixedForm& form) {
  const auto year = form.number(4, 9999);
  if (!year || !form.skip('-')) return std::nullopt;
  const auto month = form.number(2, 12);
  if (!month || !form.skip('-')) return std::nullopt;
  const auto day = form.number(2, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// "T14:46:20Z"
std::optional<std::chrono::seconds> read_time_of_day(FixedForm& form) {
  if (!form.skip('T')) return std::nullopt;
  const auto hours = form.number(2, 23);
  if (!hours || !form.skip(':')) return std::nullopt;
  const auto minutes = form.number(2, 59);
  if (!minutes || !form.skip(':')) return std::nullopt;
  const auto seconds = form.number(2, 59);
  if (!seconds || !form.skip('Z')) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
         std::chrono::seconds(*seconds);
}

std::optional<Time> read_time(std::string_view text) {
  FixedForm form(text);
  const auto day = read_day(form);
  if (!day) return std::nullopt;
  if (form.is_at_end()) return Time(*day);
  const auto time_of_day = read_time_of_day(form);
  if (!time_of_day || !form.is_at_end()) return std::nullopt;
  return *day + *time_of_day;
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
  const auto time = read_time(text);
  if (time) return *time;
  return Error{Fault::malformed,
               "\"" + std::string(text) + "\" is no time: 2026-11-24 or 2026-11-24T08:30:00Z"};
}

std::string to_text(PreciseTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  auto text = without_zone(second);
  text += '.';
  append_number(text, (time - second).count(), 3);
  return text += 'Z';
}

}  // namespace signet
