#include "issuance/serial_number.h"

#include <array>
#include <span>

namespace signet::issuance {
namespace {

constexpr std::size_t kTimeOctets = 6;
constexpr std::int64_t kLastMillisecond = (std::int64_t{1} << 47) - 1;  // in the year 6429

}  // namespace

Result<asn1::Integer> draw_serial_number(RandomSource& random, PreciseTime now) {
  auto time = static_cast<std::int64_t>(now.time_since_epoch().count());
  if (time <= 0 || time > kLastMillisecond) {
    return Error{Fault::internal, "the clock shows no time that a serial number can begin with"};
  }
  std::array<std::uint8_t, 16> octets{};
  for (auto at = kTimeOctets; at > 0; --at, time >>= 8) {
    octets[at - 1] = static_cast<std::uint8_t>(time);
  }
  TRY(random.fill(std::span(octets).subspan(kTimeOctets)));
  return asn1::Integer::from_unsigned(octets);
}

}  // namespace signet::issuance
