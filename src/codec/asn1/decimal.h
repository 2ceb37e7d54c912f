#pragma once

#include <string>

#include "base/bytes.h"

namespace signet::asn1 {

/// A big-endian number in decimal; "0" for none or only zero octets. One of more than 64 octets is
/// told by its size alone, "(a number of 65 octets)": its digits take time quadratic in the size,
/// and a stranger may have sent it.
std::string to_decimal(ByteView magnitude);

}  // namespace signet::asn1
