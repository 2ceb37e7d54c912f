#pragma once

#include <cstddef>
#include <optional>

#include "codec/asn1/reader.h"

namespace signet::asn1 {

inline constexpr std::uint8_t kLongTag = 0x1F;  ///< number bits that announce the long form
inline constexpr std::uint8_t kConstructedBit = 0x20;

/// The tag of an identifier of one octet.
constexpr Tag short_tag(std::uint8_t octet) {
  return {static_cast<Class>(octet >> 6),
          (octet & kConstructedBit) != 0 ? Form::constructed : Form::primitive,
          static_cast<std::uint32_t>(octet & kLongTag)};
}

/// Whether the octet is a whole identifier, and not that of an end-of-contents.
constexpr bool is_short_tag(std::uint8_t octet) {
  return (octet & kLongTag) != kLongTag && (octet & ~kConstructedBit) != 0;
}

/// Identifier octets (X.690 §8.1.2).
struct Identifier {
  Tag tag;
  std::size_t octets = 0;
};

/// The identifier at the front of `input`. Tag numbers below 2^28, in their shortest form.
/// Faults: malformed, without the offset: the reader adds it.
Result<Identifier> read_identifier(ByteView input);
void append_identifier(Bytes& to, Tag tag);

/// What stands before a value: identifier and length octets.
struct Header {
  Tag tag;
  std::size_t octets = 0;             ///< of both together
  std::optional<std::size_t> length;  ///< of the value; none when it is indefinite (BER)
};

/// The header when tag and length are one octet each, as of nearly all elements; none when it is a
/// longer or a wrong one, for read_header to tell.
inline std::optional<Header> read_short_header(ByteView input) {
  constexpr std::size_t kOctets = 2;
  if (input.size() < kOctets || !is_short_tag(input[0]) || input[1] > 0x7F) return std::nullopt;
  if (input[1] > input.size() - kOctets) return std::nullopt;
  return Header{short_tag(input[0]), kOctets, input[1]};
}

/// The header at the front of `input`; the value of a definite length lies within `input`.
/// Faults: malformed, without the offset.
Result<Header> read_header(ByteView input, Rules rules);

/// Octets from the front of `contents`, which follow an indefinite length, to its end-of-contents.
/// One pass, on which every element counts against `budget`, so that nesting which is scanned
/// again from each level stays within the one account; `depth` is the level of the element itself.
/// Faults: malformed, too_large, too_deep, without the offset.
Result<std::size_t> find_end_of_contents(ByteView contents, std::size_t depth, Budget& budget);
inline constexpr std::size_t kEndOfContentsOctets = 2;

}  // namespace signet::asn1
