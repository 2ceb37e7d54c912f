#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

// Clang 14 crashes over consteval calls in initializer lists.
#if defined(__clang__) && __clang_major__ < 15
#define SIGNET_CONSTEVAL constexpr
#else
#define SIGNET_CONSTEVAL consteval
#endif

namespace signet::asn1 {

/// An OBJECT IDENTIFIER, kept as the contents octets of its encoding (X.690 §8.19).
/// Invariant: empty (no identifier) or a well-formed encoding of at least two arcs.
class Oid {
 public:
  static constexpr std::size_t kMaximumOctets = 63;

  constexpr Oid() = default;

  /// From dotted text known at compile time: `constexpr Oid kData{"1.2.840.113549.1.7.1"}`.
  SIGNET_CONSTEVAL explicit Oid(const char* dotted) { assign(dotted); }

  /// From dotted text. Faults: malformed.
  static Result<Oid> from_text(std::string_view dotted);
  /// From contents octets. Faults: malformed (unfinished or padded arc), too_large.
  static Result<Oid> from_value(ByteView value);

  [[nodiscard]] constexpr ByteView value() const { return {octets_.data(), size_}; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  /// "1.3.6.1.5.5.7.7.18"
  [[nodiscard]] std::string to_text() const;

  constexpr bool operator==(const Oid& other) const {
    return size_ == other.size_ &&
           std::equal(octets_.begin(), octets_.begin() + size_, other.octets_.begin());
  }
  constexpr std::strong_ordering operator<=>(const Oid& other) const {
    return std::lexicographical_compare_three_way(octets_.begin(), octets_.begin() + size_,
                                                  other.octets_.begin(),
                                                  other.octets_.begin() + other.size_);
  }

 private:
  constexpr void push_arc(std::uint64_t arc) {
    int groups = 1;
    for (auto rest = arc >> 7; rest != 0; rest >>= 7) ++groups;
    while (groups-- > 0) {
      const auto bits = static_cast<std::uint8_t>(arc >> (7 * groups) & 0x7F);
      octets_.at(size_++) = static_cast<std::uint8_t>(groups > 0 ? bits | 0x80 : bits);
    }
  }
  constexpr void assign(const char* dotted) {
    std::uint64_t first = 0;
    std::uint64_t arc = 0;
    int index = 0;
    for (const char* at = dotted;; ++at) {
      if (*at >= '0' && *at <= '9') {
        arc = arc * 10 + static_cast<std::uint64_t>(*at - '0');
        continue;
      }
      if (index == 0) {
        first = arc;
      } else if (index == 1) {
        push_arc(first * 40 + arc);
      } else {
        push_arc(arc);
      }
      ++index;
      arc = 0;
      if (*at == '\0') return;
    }
  }

  std::array<std::uint8_t, kMaximumOctets> octets_{};
  std::uint8_t size_ = 0;
};

}  // namespace signet::asn1
