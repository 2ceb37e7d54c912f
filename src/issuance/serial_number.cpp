#include "issuance/serial_number.h"

#include <array>

namespace signet::issuance {

Result<asn1::Integer> draw_serial_number(RandomSource& random) {
  std::array<std::uint8_t, 16> octets{};
  TRY(random.fill(octets));
  octets.front() &= 0x7F;
  auto serial_number = asn1::Integer::from_unsigned(octets);
  if (serial_number.magnitude().empty()) {
    return Error{Fault::internal, "the random generator gave nothing but 0"};
  }
  return serial_number;
}

}  // namespace signet::issuance
