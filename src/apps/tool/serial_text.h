#pragma once

#include <string>

#include "codec/asn1/reader.h"

namespace signet::tool {

/// --serial: hexadecimal, with or without 0x. Faults: malformed.
Result<asn1::Integer> serial_from_text(const std::string& text);

}  // namespace signet::tool
