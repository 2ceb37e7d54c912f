#include <algorithm>
#include <array>

#include "codec/asn1/decimal.h"
#include "codec/asn1/reader.h"

namespace signet::asn1 {
namespace {

ByteView without_leading_zeros(ByteView octets) {
  const auto first = std::find_if(octets.begin(), octets.end(), [](auto octet) { return octet; });
  return octets.subspan(static_cast<std::size_t>(first - octets.begin()));
}

/// The magnitude of a negative number in two's complement.
Bytes negated(Bytes octets) {
  for (auto& octet : octets) octet = static_cast<std::uint8_t>(~octet);
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
    if (++*octet != 0) break;
  }
  return octets;
}

}  // namespace

Integer Integer::from(std::uint64_t value) {
  std::array<std::uint8_t, sizeof value> octets{};
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
    *octet = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
  return from_unsigned(octets);
}

Integer Integer::from_unsigned(ByteView magnitude) {
  const auto digits = without_leading_zeros(magnitude);
  Integer number;
  number.octets.clear();
  if (digits.empty() || (digits.front() & 0x80) != 0) number.octets.push_back(0);
  append(number.octets, digits);
  return number;
}

ByteView Integer::magnitude() const {
  return without_leading_zeros(octets);
}

std::optional<std::uint64_t> Integer::to_uint64() const {
  const auto digits = magnitude();
  if (is_negative() || digits.size() > sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t value = 0;
  for (const auto octet : digits) value = value << 8 | octet;
  return value;
}

std::string Integer::to_decimal() const {
  if (is_negative()) return "-" + asn1::to_decimal(negated(octets));
  return asn1::to_decimal(octets);
}

std::string Integer::to_hex() const {
  const auto digits = magnitude();
  return digits.empty() ? "00" : signet::to_hex(digits);
}

}  // namespace signet::asn1
