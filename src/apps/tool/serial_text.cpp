#include "apps/tool/serial_text.h"

#include "base/encoding.h"

namespace signet::tool {

Result<asn1::Integer> serial_from_text(const std::string& text) {
  const auto digits = text.rfind("0x", 0) == 0 ? text.substr(2) : text;
  const auto octets = from_hex(digits.size() % 2 == 0 ? digits : "0" + digits);
  if (octets.ok() && !octets->empty()) return asn1::Integer::from_unsigned(*octets);
  return Error{Fault::malformed,
               "--serial \"" + text + "\" is no serial number in hexadecimal, as 0x4a31"};
}

}  // namespace signet::tool
