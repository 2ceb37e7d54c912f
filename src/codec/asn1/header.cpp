#include "codec/asn1/header.h"

namespace signet::asn1 {
namespace {

constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint8_t kReservedLength = 0xFF;
constexpr std::size_t kLongTagOctets = 4;  // 4 * 7 bits: numbers below 2^28

Error cut_short() {
  return {Fault::malformed, "is cut short"};
}

/// The octets after 1F, X.690 §8.1.2.4.
Result<Identifier> read_long_number(ByteView input, Tag tag) {
  tag.number = 0;
  for (std::size_t i = 1; i <= kLongTagOctets; ++i) {
    if (i == input.size()) return cut_short();
    tag.number = tag.number << 7 | (input[i] & 0x7FU);
    if (tag.number == 0) return Error{Fault::malformed, "has a padded tag number"};
    if ((input[i] & 0x80) != 0) continue;
    if (tag.number < kLongTag) return Error{Fault::malformed, "has a tag number in long form"};
    return Identifier{tag, i + 1};
  }
  return Error{Fault::malformed, "has a tag number of 2^28 or more"};
}

struct Length {
  std::optional<std::size_t> value;
  std::size_t octets;
};

/// X.690 §8.1.3.5; in DER as short as can be (§10.1).
Result<Length> read_long_length(ByteView input, Rules rules) {
  const std::size_t count = input.front() & 0x7FU;
  if (input.size() <= count) return cut_short();
  std::size_t value = 0;
  for (const auto octet : input.subspan(1, count)) {
    // Far beyond any input, and the shift loses nothing.
    if (value >> 40 != 0) return Error{Fault::malformed, "has an impossible length"};
    value = value << 8 | octet;
  }
  if (rules == Rules::der && (input[1] == 0 || value < 0x80)) {
    return Error{Fault::malformed, "has a length in more octets than needed"};
  }
  return Length{value, count + 1};
}

Result<Length> read_length(ByteView input, Tag tag, Rules rules) {
  if (input.empty()) return cut_short();
  const auto first = input.front();
  if (first < 0x80) return Length{first, 1};
  if (first == kReservedLength) return Error{Fault::malformed, "has a reserved length octet"};
  if (first != kIndefinite) return read_long_length(input, rules);
  if (rules == Rules::der) return Error{Fault::malformed, "has an indefinite length"};
  if (tag.form == Form::primitive) {
    return Error{Fault::malformed, "is primitive with an indefinite length"};
  }
  return Length{std::nullopt, 1};
}

bool at_end_of_contents(ByteView input) {
  return input.size() >= kEndOfContentsOctets && input[0] == 0 && input[1] == 0;
}

}  // namespace

Result<Identifier> read_identifier(ByteView input) {
  if (input.empty()) return Error{Fault::malformed, "is missing"};
  const auto first = input.front();
  const auto tag = short_tag(first);
  if ((first & kLongTag) == kLongTag) return read_long_number(input, tag);
  if (!is_short_tag(first)) return Error{Fault::malformed, "is an end-of-contents out of place"};
  return Identifier{tag, 1};
}

void append_identifier(Bytes& to, Tag tag) {
  auto first = static_cast<std::uint8_t>(static_cast<unsigned>(tag.tag_class) << 6);
  if (tag.form == Form::constructed) first |= kConstructedBit;
  if (tag.number < kLongTag) {
    to.push_back(static_cast<std::uint8_t>(first | tag.number));
    return;
  }
  to.push_back(first | kLongTag);
  unsigned groups = 1;
  while (tag.number >> (7 * groups) != 0) ++groups;
  while (groups-- > 1) {
    to.push_back(static_cast<std::uint8_t>(0x80 | (tag.number >> (7 * groups) & 0x7F)));
  }
  to.push_back(static_cast<std::uint8_t>(tag.number & 0x7F));
}

Result<Header> read_header(ByteView input, Rules rules) {
  const auto identifier = TRY(read_identifier(input));
  const auto length = TRY(read_length(input.subspan(identifier.octets), identifier.tag, rules));
  const auto octets = identifier.octets + length.octets;
  if (length.value && *length.value > input.size() - octets) return cut_short();
  return Header{identifier.tag, octets, length.value};
}

Result<std::size_t> find_end_of_contents(ByteView contents, std::size_t depth, Budget& budget) {
  std::size_t at = 0;
  std::size_t open = 1;
  while (true) {
    const auto rest = contents.subspan(at);
    if (at_end_of_contents(rest)) {
      if (--open == 0) return at;
      at += kEndOfContentsOctets;
      continue;
    }
    TRY(budget.spend_element());
    const auto quick = read_short_header(rest);
    const auto header = quick ? *quick : TRY(read_header(rest, Rules::ber));
    at += header.octets + header.length.value_or(0);
    if (!header.length && ++open + depth > budget.limits().depth) {
      return Error{Fault::too_deep, "is nested too deeply"};
    }
  }
}

}  // namespace signet::asn1
