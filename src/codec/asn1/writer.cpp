#include "codec/asn1/writer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/check.h"
#include "codec/asn1/header.h"

namespace signet::asn1 {
namespace {

/// A definite length in its shortest form.
struct LengthOctets {
  std::array<std::uint8_t, 1 + sizeof(std::size_t)> octets{};
  std::size_t size = 0;

  [[nodiscard]] ByteView view() const { return {octets.data(), size}; }
};

LengthOctets length_octets(std::size_t length) {
  LengthOctets made;
  if (length < 0x80) {
    made.octets[0] = static_cast<std::uint8_t>(length);
    made.size = 1;
    return made;
  }
  std::size_t count = 1;
  while (count < sizeof length && length >> (8 * count) != 0) ++count;
  made.octets[made.size++] = static_cast<std::uint8_t>(0x80 | count);
  while (count-- > 0)
    made.octets.at(made.size++) = static_cast<std::uint8_t>(length >> (8 * count));
  return made;
}

constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();

constexpr Limits kOurOwn{.rules = Rules::ber, .octets = kNoLimit, .elements = kNoLimit};

/// Most SETs have one member, and so no order.
bool is_one_element(ByteView octets) {
  Budget budget{kOurOwn};
  Reader reader{octets, budget};
  return reader.read_any().ok() && reader.at_end();
}

/// The elements that stand one after another; none when the octets are something else.
std::optional<std::vector<ByteView>> split_elements(ByteView octets) {
  Budget budget{kOurOwn};
  Reader reader{octets, budget};
  std::vector<ByteView> elements;
  while (!reader.at_end()) {
    const auto element = reader.read_any();
    if (!element) return std::nullopt;
    elements.push_back(element->tlv);
  }
  return elements;
}

bool encodes_before(ByteView left, ByteView right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
}

/// Writes `value` in decimal digits, with leading zeros, over the whole of `to`.
void write_digits(std::span<std::uint8_t> to, int value) {
  for (auto digit = to.rbegin(); digit != to.rend(); ++digit, value /= 10) {
    *digit = static_cast<std::uint8_t>('0' + value % 10);
  }
}

/// The nearest time that four digits of a year can say. RFC 5280 §4.1.2.5 gives the last of them,
/// 99991231235959Z, to what has no end.
Time within_four_digit_years(Time value) {
  using namespace std::chrono;
  constexpr Time kFirst = sys_days{year{0} / 1 / 1};
  constexpr Time kLast = sys_days{year{10000} / 1 / 1} - seconds{1};
  return std::clamp(value, kFirst, kLast);
}

/// YYYYMMDDHHMMSSZ
std::array<std::uint8_t, 15> time_text(Time value) {
  const auto time = within_four_digit_years(value);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};

  std::array<std::uint8_t, 15> text{};
  const std::span<std::uint8_t> all(text);
  write_digits(all.subspan(0, 4), static_cast<int>(date.year()));
  write_digits(all.subspan(4, 2), static_cast<int>(static_cast<unsigned>(date.month())));
  write_digits(all.subspan(6, 2), static_cast<int>(static_cast<unsigned>(date.day())));
  write_digits(all.subspan(8, 2), static_cast<int>(clock.hours().count()));
  write_digits(all.subspan(10, 2), static_cast<int>(clock.minutes().count()));
  write_digits(all.subspan(12, 2), static_cast<int>(clock.seconds().count()));
  text.back() = 'Z';
  return text;
}

bool fits_utc_time(Time value) {
  using namespace std::chrono;
  return value >= sys_days{1950y / 1 / 1} && value < sys_days{2050y / 1 / 1};
}

}  // namespace

void Writer::primitive(Tag tag, ByteView value) {
  tag_and_length(tag, value.size());
  append(octets_, value);
}

void Writer::boolean(bool value, Tag tag) {
  const std::uint8_t octet = value ? 0xFF : 0x00;
  primitive(tag, {&octet, 1});
}

void Writer::integer(std::int64_t value, Tag tag) {
  std::array<std::uint8_t, sizeof value> octets{};
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
    *octet = static_cast<std::uint8_t>(value & 0xFF);
    value >>= 8;
  }
  std::size_t first = 0;
  const auto needless = [&octets](std::size_t at) {
    const bool next_bit = (octets.at(at + 1) & 0x80) != 0;
    return octets.at(at) == (next_bit ? 0xFF : 0x00);
  };
  while (first + 1 < octets.size() && needless(first)) ++first;
  primitive(tag, ByteView(octets).subspan(first));
}

void Writer::integer(const Integer& value, Tag tag) {
  primitive(tag, value.octets);
}

void Writer::bit_string(const BitString& value, Tag tag) {
  tag_and_length(tag, value.octets.size() + 1);
  octets_.push_back(value.unused_bits);
  append(octets_, value.octets);
  // What came in BER may have them set.
  if (!value.octets.empty()) octets_.back() &= static_cast<std::uint8_t>(0xFF << value.unused_bits);
}

void Writer::generalized_time(Time value, Tag tag) {
  primitive(tag, time_text(value));
}

void Writer::time(Time value) {
  constexpr std::size_t kCenturyDigits = 2;
  if (!fits_utc_time(value)) return generalized_time(value);
  const auto text = time_text(value);
  primitive(kUtcTime, ByteView(text).subspan(kCenturyDigits));
}

void Writer::raw(ByteView tlv) {
  append(octets_, tlv);
}

/// One octet is left for the length, which is enough most of the time; `end` makes more room.
Writer::Mark Writer::begin(Tag tag) {
  append_identifier(octets_, tag);
  octets_.push_back(0);
  return {octets_.size()};
}

void Writer::end(Mark mark) {
  const auto length = length_octets(octets_.size() - mark.value_at);
  const auto place = octets_.begin() + static_cast<std::ptrdiff_t>(mark.value_at) - 1;
  *place = length.octets.front();
  octets_.insert(place + 1, length.octets.begin() + 1,
                 length.octets.begin() + static_cast<std::ptrdiff_t>(length.size));
}

void Writer::sort_elements(Mark mark) {
  const auto written = view().subspan(mark.value_at);
  if (is_one_element(written)) return;
  auto elements = split_elements(written);
  // A caller's raw octets that are no elements have no order.
  if (!elements || std::is_sorted(elements->begin(), elements->end(), encodes_before)) return;
  std::sort(elements->begin(), elements->end(), encodes_before);
  Bytes sorted;
  sorted.reserve(written.size());
  for (const auto element : *elements) append(sorted, element);
  std::copy(sorted.begin(), sorted.end(),
            octets_.begin() + static_cast<std::ptrdiff_t>(mark.value_at));
}

void Writer::tag_and_length(Tag tag, std::size_t length) {
  append_identifier(octets_, tag);
  append(octets_, length_octets(length).view());
}

Bytes header_of(Tag tag, std::size_t length) {
  Bytes header;
  append_identifier(header, tag);
  append(header, length_octets(length).view());
  return header;
}

Bytes joined(Tag tag, std::initializer_list<ByteView> contents) {
  std::size_t length = 0;
  for (const auto& each : contents) length += each.size();
  auto made = header_of(tag, length);
  made.reserve(made.size() + length);
  for (const auto& each : contents) append(made, each);
  return made;
}

Bytes with_tag(ByteView tlv, Tag tag) {
  const auto old = read_identifier(tlv);
  CHECK(old.ok());
  Bytes made;
  made.reserve(tlv.size());
  append_identifier(made, tag);
  append(made, tlv.subspan(old->octets));
  return made;
}

}  // namespace signet::asn1
