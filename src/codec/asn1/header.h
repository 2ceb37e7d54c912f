#pragma once

#include <cstddef>
#include <optional>

#include "codec/asn1/reader.h"

namespace signet::asn1 {

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
