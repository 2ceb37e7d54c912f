#pragma once

#include <string>

#include "base/bytes.h"

namespace signet::asn1 {

/// A number of any size, big-endian, in decimal; "0" for none or only zero octets.
/// Takes time quadratic in the size: for numbers of a few hundred octets.
std::string to_decimal(ByteView magnitude);

}  // namespace signet::asn1
