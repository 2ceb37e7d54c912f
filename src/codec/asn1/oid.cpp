#include "codec/asn1/oid.h"

#include <vector>

#include "codec/asn1/decimal.h"

namespace signet::asn1 {
namespace {

/// An arc as the 7-bit groups of its encoding, most significant first, at least one.
using Groups = std::vector<std::uint8_t>;

/// groups * factor + addend
void multiply_add(Groups& groups, unsigned factor, unsigned addend) {
  unsigned carry = addend;
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
    carry += *group * factor;
    *group = static_cast<std::uint8_t>(carry & 0x7F);
    carry >>= 7;
  }
  while (carry != 0) {
    groups.insert(groups.begin(), static_cast<std::uint8_t>(carry & 0x7F));
    carry >>= 7;
  }
}

Error malformed_text(std::string_view dotted) {
  return {Fault::malformed, "\"" + std::string(dotted.substr(0, 80)) +
                                "\" is no object identifier in dotted form, such as 2.5.4.3"};
}

/// Arcs of any size: UUIDs under 2.25 have 128 bits.
Result<Groups> read_arc(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return malformed_text(digits);
  Groups groups{0};
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return malformed_text(digits);
    multiply_add(groups, 10, static_cast<unsigned>(digit - '0'));
    if (groups.size() > Oid::kMaximumOctets) return malformed_text(digits);
  }
  return groups;
}

void append_arc(Bytes& octets, const Groups& groups) {
  for (const auto group : groups) octets.push_back(group | 0x80);
  octets.back() &= 0x7F;
}

/// 7-bit groups joined to whole octets.
Bytes arc_magnitude(ByteView groups) {
  Bytes magnitude((groups.size() * 7 + 7) / 8, 0);
  std::size_t bit = 0;
  for (auto group = groups.rbegin(); group != groups.rend(); ++group, bit += 7) {
    const auto shifted = static_cast<unsigned>(*group & 0x7F) << bit % 8;
    const auto at = magnitude.size() - 1 - bit / 8;
    magnitude[at] = static_cast<std::uint8_t>(magnitude[at] | (shifted & 0xFF));
    if (shifted > 0xFF) magnitude[at - 1] = static_cast<std::uint8_t>(shifted >> 8);
  }
  return magnitude;
}

void subtract(Bytes& magnitude, unsigned number) {
  unsigned borrow = number;
  for (auto octet = magnitude.rbegin(); octet != magnitude.rend() && borrow != 0; ++octet) {
    const unsigned low = borrow & 0xFF;
    const unsigned wrap = *octet < low ? 1 : 0;
    *octet = static_cast<std::uint8_t>(*octet - low);
    borrow = (borrow >> 8) + wrap;
  }
}

/// X.690 §8.19.4: the first two arcs share one number, 40 * first + second.
std::string first_two_arcs(ByteView groups) {
  constexpr unsigned kSecondArcs = 40;
  const unsigned lead = groups.size() > 1 ? 2 * kSecondArcs : groups.front();
  const unsigned first = std::min(lead / kSecondArcs, 2U);
  auto second = arc_magnitude(groups);
  subtract(second, first * kSecondArcs);
  return std::to_string(first) + "." + to_decimal(second);
}

}  // namespace

Result<Oid> Oid::from_text(std::string_view dotted) {
  constexpr unsigned kSecondArcs = 40;
  const auto dot = dotted.find('.');
  if (dot != 1 || dotted.front() < '0' || dotted.front() > '2') return malformed_text(dotted);
  const auto first = static_cast<unsigned>(dotted.front() - '0');

  Bytes octets;
  for (std::size_t at = dot + 1; at <= dotted.size();) {
    const auto end = std::min(dotted.find('.', at), dotted.size());
    auto arc = TRY(read_arc(dotted.substr(at, end - at)));
    if (octets.empty()) {
      const bool small = arc.size() == 1 && arc.front() < kSecondArcs;
      if (first < 2 && !small) return malformed_text(dotted);
      multiply_add(arc, 1, first * kSecondArcs);
    }
    append_arc(octets, arc);
    if (octets.size() > kMaximumOctets) return malformed_text(dotted);
    at = end + 1;
  }
  return from_value(octets);
}

Result<Oid> Oid::from_value(ByteView value) {
  if (value.size() > kMaximumOctets) {
    return Error{Fault::too_large, "an object identifier of " + std::to_string(value.size()) +
                                       " octets; at most 63 are read"};
  }
  bool starts_arc = true;
  for (const auto octet : value) {
    if (starts_arc && octet == 0x80) {
      return Error{Fault::malformed, "an object identifier with a padded arc"};
    }
    starts_arc = (octet & 0x80) == 0;
  }
  if (value.empty() || !starts_arc) {
    return Error{Fault::malformed, "an object identifier that ends within an arc"};
  }
  Oid oid;
  std::copy(value.begin(), value.end(), oid.octets_.begin());
  oid.size_ = static_cast<std::uint8_t>(value.size());
  return oid;
}

std::string Oid::to_text() const {
  std::string text;
  ByteView rest = value();
  while (!rest.empty()) {
    const auto last = std::find_if(rest.begin(), rest.end(), [](auto o) { return o < 0x80; });
    const auto groups = rest.first(static_cast<std::size_t>(last - rest.begin()) + 1);
    text += text.empty() ? first_two_arcs(groups) : "." + to_decimal(arc_magnitude(groups));
    rest = rest.subspan(groups.size());
  }
  return text;
}

}  // namespace signet::asn1
