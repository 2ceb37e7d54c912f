#include "codec/asn1/decimal.h"

#include <algorithm>
#include <vector>

namespace signet::asn1 {
namespace {

constexpr std::uint64_t kLimb = 1'000'000'000;
constexpr std::size_t kLimbDigits = 9;
constexpr std::size_t kMostOctets = 64;  // all arcs of an object identifier, three serial numbers

/// The number in base 10^9, least significant limb first.
std::vector<std::uint32_t> decimal_limbs(ByteView magnitude) {
  std::vector<std::uint32_t> limbs{0};
  for (const auto octet : magnitude) {
    std::uint64_t carry = octet;
    for (auto& limb : limbs) {
      carry += static_cast<std::uint64_t>(limb) << 8;
      limb = static_cast<std::uint32_t>(carry % kLimb);
      carry /= kLimb;
    }
    if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  return limbs;
}

}  // namespace

std::string to_decimal(ByteView magnitude) {
  const auto first =
      std::find_if(magnitude.begin(), magnitude.end(), [](auto o) { return o != 0; });
  const auto octets = static_cast<std::size_t>(magnitude.end() - first);
  if (octets > kMostOctets) return "(a number of " + std::to_string(octets) + " octets)";
  const auto limbs = decimal_limbs(magnitude);
  auto text = std::to_string(limbs.back());
  for (auto limb = limbs.rbegin() + 1; limb != limbs.rend(); ++limb) {
    const auto digits = std::to_string(*limb);
    text.append(kLimbDigits - digits.size(), '0');
    text += digits;
  }
  return text;
}

}  // namespace signet::asn1
