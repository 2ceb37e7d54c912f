#include "base/bytes.h"

#include <algorithm>

namespace signet {

bool equal(ByteView left, ByteView right) {
  return std::ranges::equal(left, right);
}

std::string to_hex(ByteView octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(octets.size() * 2, '0');
  auto* to = text.data();
  for (const auto octet : octets) {
    *to++ = kDigits[octet >> 4];
    *to++ = kDigits[octet & 0x0F];
  }
  return text;
}

}  // namespace signet
