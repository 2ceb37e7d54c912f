#include <algorithm>

#include "codec/asn1/reader.h"
#include "codec/asn1/utf8.h"

/// Reader's readings of primitive types.
namespace signet::asn1 {
namespace {

constexpr Tag as_constructed(Tag tag) {
  return {tag.tag_class, Form::constructed, tag.number};
}

bool has_needless_first_octet(ByteView number) {
  if (number.size() < 2) return false;
  const bool next_bit = (number[1] & 0x80) != 0;
  return (number[0] == 0x00 && !next_bit) || (number[0] == 0xFF && next_bit);
}

bool has_unused_bits_set(ByteView octets, std::uint8_t unused_bits) {
  return !octets.empty() && (octets.back() & ((1U << unused_bits) - 1)) != 0;
}

/// Digits as a number; the caller has checked that they are digits.
int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

/// The time that MMDDHHMMSSZ says in that year.
std::optional<Time> time_in_year(int year, std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t kDigits = 10;
  const bool digits =
      text.size() == kDigits + 1 &&
      std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || text.back() != 'Z') return std::nullopt;
  const auto pair = [text](std::size_t at) { return number(text.substr(at, 2)); };
  const year_month_day date{std::chrono::year{year}, month{static_cast<unsigned>(pair(0))},
                            day{static_cast<unsigned>(pair(2))}};
  // No leap second: RFC 5280 knows none, and neither do our seconds.
  if (!date.ok() || pair(4) > 23 || pair(6) > 59 || pair(8) > 59) return std::nullopt;
  return sys_days{date} + hours{pair(4)} + minutes{pair(6)} + seconds{pair(8)};
}

/// The year in the first `digits` characters; none when one of them is no digit.
std::optional<int> leading_year(std::string_view text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  const auto year = text.substr(0, digits);
  if (!std::all_of(year.begin(), year.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return number(year);
}

}  // namespace

Result<bool> Reader::read_boolean(Tag tag) {
  const auto element = TRY(read(tag));
  if (element.value.size() != 1) return refuse(tag, element, "is not one octet long");
  const auto octet = element.value.front();
  if (rules() == Rules::der && octet != 0x00 && octet != 0xFF) {
    return refuse(tag, element, "is neither 00 nor FF");
  }
  return octet != 0;
}

Result<Integer> Reader::read_integer(Tag tag) {
  const auto element = TRY(read(tag));
  if (element.value.empty()) return refuse(tag, element, "is empty");
  if (has_needless_first_octet(element.value)) {  // also in BER: X.690 §8.3.2
    return refuse(tag, element, "has more octets than needed");
  }
  return Integer{to_bytes(element.value)};
}

Result<std::int64_t> Reader::read_small_integer(Tag tag) {
  const auto element = TRY(read(tag));
  const auto octets = element.value;
  if (octets.empty()) return refuse(tag, element, "is empty");
  if (has_needless_first_octet(octets)) return refuse(tag, element, "has more octets than needed");
  if ((octets.front() & 0x80) != 0) return refuse(tag, element, "is negative");
  if (octets.size() > sizeof(std::int64_t)) return refuse(tag, element, "is 2^63 or more");
  std::int64_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  return value;
}

Result<void> Reader::join_bits(const Element& element, BitString& joined) {
  if (element.tag.form == Form::constructed) {
    auto pieces = TRY(enter(element));
    while (!pieces.at_end()) {
      const auto piece = TRY(pieces.read_any());
      if (piece.tag != kBitString && piece.tag != as_constructed(kBitString)) {
        return refuse(kBitString, piece, "has a piece of another type");
      }
      TRY(pieces.join_bits(piece, joined));
    }
    return {};
  }
  const auto value = element.value;
  if (value.empty()) return refuse(element.tag, element, "is empty");
  if (value.front() > 7 || (value.front() != 0 && value.size() == 1)) {
    return refuse(element.tag, element, "has an impossible number of unused bits");
  }
  if (joined.unused_bits != 0) {
    return refuse(element.tag, element, "follows a piece with unused bits");
  }
  joined.unused_bits = value.front();
  append(joined.octets, value.subspan(1));
  return {};
}

Result<BitString> Reader::read_bit_string(Tag tag) {
  const auto element = TRY(read_string_element(tag));
  BitString bits;
  TRY(join_bits(element, bits));
  if (rules() == Rules::der && has_unused_bits_set(bits.octets, bits.unused_bits)) {
    return refuse(tag, element, "has unused bits that are set");
  }
  return bits;
}

/// In BER a string may come in pieces, as a constructed element.
Result<Element> Reader::read_string_element(Tag tag) {
  const auto pieces_tag = as_constructed(tag);
  if (rules() == Rules::ber && next_is(pieces_tag)) return read(pieces_tag);
  return read(tag);
}

/// Pieces of every string type but BIT STRING are OCTET STRINGs (X.690 §8.23.6).
Result<void> Reader::join_octets(const Element& element, Bytes& joined) {
  auto pieces = TRY(enter(element));
  while (!pieces.at_end()) {
    const auto piece = TRY(pieces.read_string_element(kOctetString));
    if (piece.tag.form == Form::primitive) {
      append(joined, piece.value);
    } else {
      TRY(pieces.join_octets(piece, joined));
    }
  }
  return {};
}

/// The contents: in one piece a view of the input, else joined in `storage`.
Result<ByteView> Reader::read_string(Tag tag, Bytes& storage) {
  const auto element = TRY(read_string_element(tag));
  if (element.tag.form == tag.form) return element.value;
  TRY(join_octets(element, storage));
  return ByteView(storage);
}

Result<Bytes> Reader::read_octet_string(Tag tag) {
  Bytes storage;
  const auto octets = TRY(read_string(tag, storage));
  if (!storage.empty()) return storage;
  return to_bytes(octets);
}

Result<void> Reader::read_null(Tag tag) {
  const auto element = TRY(read(tag));
  if (!element.value.empty()) return refuse(tag, element, "is not empty");
  return {};
}

Result<Oid> Reader::read_oid(Tag tag) {
  const auto element = TRY(read(tag));
  auto oid = Oid::from_value(element.value);
  if (!oid) {
    return Error{oid.error().fault,
                 oid.error().detail + ", at octet " + std::to_string(offset_of(element))};
  }
  return oid;
}

Result<std::string> Reader::read_utf8_string(Tag tag) {
  const auto start = offset();
  Bytes storage;
  const auto octets = TRY(read_string(tag, storage));
  if (!is_utf8(octets)) {
    return Error{Fault::malformed,
                 to_text(tag) + " at octet " + std::to_string(start) + " is not UTF-8"};
  }
  return std::string(as_text(octets));
}

Result<Time> Reader::read_generalized_time(Tag tag) {
  constexpr std::size_t kYearDigits = 4;
  const auto element = TRY(read(tag));
  const auto text = as_text(element.value);
  const auto year = leading_year(text, kYearDigits);
  const auto time = year ? time_in_year(*year, text.substr(kYearDigits)) : std::nullopt;
  if (!time) return refuse(tag, element, "is no time of the form YYYYMMDDHHMMSSZ");
  return *time;
}

Result<Time> Reader::read_utc_time(Tag tag) {
  constexpr std::size_t kYearDigits = 2;
  const auto element = TRY(read(tag));
  const auto text = as_text(element.value);
  const auto year = leading_year(text, kYearDigits);
  const int century = year && *year >= 50 ? 1900 : 2000;
  const auto time = year ? time_in_year(century + *year, text.substr(kYearDigits)) : std::nullopt;
  if (!time) return refuse(tag, element, "is no time of the form YYMMDDHHMMSSZ");
  return *time;
}

Result<Time> Reader::read_time() {
  return next_is(kGeneralizedTime) ? read_generalized_time() : read_utc_time();
}

}  // namespace signet::asn1
