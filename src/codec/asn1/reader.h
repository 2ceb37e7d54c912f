#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/asn1/oid.h"
#include "codec/asn1/tag.h"

namespace signet::asn1 {

enum class Rules {
  der,  ///< X.690 §10: one encoding only
  ber,  ///< also indefinite lengths, long-form lengths, strings in pieces, any TRUE
};

/// What one decoding may cost. Input beyond it is refused before it is looked at.
struct Limits {
  Rules rules = Rules::der;
  std::size_t octets = 256 * 1024;  ///< largest message of ours with chains is under 64 KiB
  std::size_t elements = 20'000;    ///< TLVs read in all, nested ones included
  std::size_t depth = 32;           ///< nesting; a certificate in a message stays under 20

  static constexpr Limits der() { return {}; }
  static constexpr Limits ber() { return {.rules = Rules::ber}; }
};

/// One decoding's account: made at the outermost decoder, shared by all Readers inside it.
class Budget {
 public:
  explicit Budget(Limits limits) : limits_(limits), elements_left_(limits.elements) {}
  [[nodiscard]] const Limits& limits() const { return limits_; }
  /// Faults: too_large.
  Result<void> spend_element() {
    if (elements_left_ == 0) return spent();
    --elements_left_;
    return {};
  }

 private:
  [[nodiscard]] Error spent() const;

  Limits limits_;
  std::size_t elements_left_;
};

/// One element as received. Views into the reader's input.
struct Element {
  Tag tag;
  ByteView tlv;    ///< tag, length and value (and end-of-contents)
  ByteView value;  ///< contents only
};

struct BitString {
  Bytes octets;
  std::uint8_t unused_bits = 0;  ///< 0..7, low bits of the last octet
  bool operator==(const BitString&) const = default;
};

/// An INTEGER of any size: contents octets in shortest two's complement, big-endian.
struct Integer {
  Bytes octets{0};

  static Integer from(std::uint64_t value);
  /// A number without sign: a leading zero octet is added where the first bit is set.
  static Integer from_unsigned(ByteView magnitude);
  [[nodiscard]] bool is_negative() const { return (octets.front() & 0x80) != 0; }
  /// Without leading zero octets; empty for 0. Only for numbers that are not negative.
  [[nodiscard]] ByteView magnitude() const;
  /// The number, when it is not negative and fits.
  [[nodiscard]] std::optional<std::uint64_t> to_uint64() const;
  /// Decimal, as Dogtag and RFC texts print serial numbers; of more than 64 octets only how many.
  [[nodiscard]] std::string to_decimal() const;
  /// Lower-case hexadecimal of the magnitude, at least "00".
  [[nodiscard]] std::string to_hex() const;
  bool operator==(const Integer&) const = default;
  auto operator<=>(const Integer&) const = default;  ///< an order for maps, not of numbers
};

/// Walks the elements of one value, front to back. Copies nothing; the input outlives it.
///
///   Budget budget{Limits::der()};
///   Reader outer{octets, budget};
///   Reader sequence = TRY(outer.enter(kSequence));
///   const auto version = TRY(sequence.read_small_integer());
///   TRY(sequence.finish());
///   TRY(outer.finish());
///
/// Every read names the element it wanted and the offset in its fault's detail.
/// Faults of all reads: malformed, too_large, too_deep; of finish: trailing_data.
class Reader {
 public:
  /// The whole input of one decoding. Over `limits().octets`, every read is too_large.
  Reader(ByteView input, Budget& budget) : Reader(input, budget, input, 0) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] Rules rules() const { return budget_->limits().rules; }
  /// The next element's tag; none at the end or when it is malformed.
  [[nodiscard]] std::optional<Tag> peek() const;
  [[nodiscard]] bool next_is(Tag tag) const { return peek() == tag; }

  /// Next element, whatever it is. DER nested inside it is not looked at.
  Result<Element> read_any();
  /// Next element, which must carry this tag.
  Result<Element> read(Tag expected);
  /// Next element if it carries this tag; nothing is consumed otherwise.
  Result<std::optional<Element>> read_optional(Tag expected);

  /// A reader over the contents of the next element, which must carry this tag.
  Result<Reader> enter(Tag expected);
  Result<std::optional<Reader>> enter_optional(Tag expected);
  /// A reader over an element's contents, one level deeper than this one.
  Result<Reader> enter(const Element& element) const;

  Result<bool> read_boolean(Tag tag = kBoolean);
  Result<Integer> read_integer(Tag tag = kInteger);
  /// An INTEGER 0..2^63-1. Faults: also malformed when negative or larger.
  Result<std::int64_t> read_small_integer(Tag tag = kInteger);
  Result<BitString> read_bit_string(Tag tag = kBitString);
  /// Contents; in BER the pieces of a constructed string joined. `tag` is the primitive form.
  Result<Bytes> read_octet_string(Tag tag = kOctetString);
  Result<void> read_null(Tag tag = kNull);
  Result<Oid> read_oid(Tag tag = kOid);
  /// Checks that the contents are UTF-8 (RFC 3629: no overlong, no surrogates).
  Result<std::string> read_utf8_string(Tag tag = kUtf8String);
  /// RFC 5280 §4.1.2.5.2: YYYYMMDDHHMMSSZ, no fraction.
  Result<Time> read_generalized_time(Tag tag = kGeneralizedTime);
  /// RFC 5280 §4.1.2.5.1: YYMMDDHHMMSSZ, 50..99 are 19xx.
  Result<Time> read_utc_time(Tag tag = kUtcTime);
  /// Time ::= CHOICE { utcTime, generalTime }
  Result<Time> read_time();

  /// Demands that nothing is left. Faults: trailing_data.
  Result<void> finish() const;

  /// Where the next element begins, in octets from the start of the outermost input.
  [[nodiscard]] std::size_t offset() const;

 private:
  Reader(ByteView input, Budget& budget, ByteView whole, std::size_t depth)
      : rest_(input), whole_(whole), budget_(&budget), depth_(depth) {}

  Result<Element> read_next();
  Result<Element> read_string_element(Tag tag);
  Result<ByteView> read_string(Tag tag, Bytes& storage);
  Result<void> join_octets(const Element& element, Bytes& joined);
  Result<void> join_bits(const Element& element, BitString& joined);
  [[nodiscard]] std::size_t offset_of(const Element& element) const;
  [[nodiscard]] Error refuse(Tag tag, const Element& element, std::string_view why) const;

  ByteView rest_;
  ByteView whole_;
  Budget* budget_;
  std::size_t depth_;
};

/// Whether `octets` are exactly one element, well formed to its innermost by these limits.
/// For what is carried along unread (ANY) and for inspection.
Result<void> check_well_formed(ByteView octets, Limits limits);

}  // namespace signet::asn1
