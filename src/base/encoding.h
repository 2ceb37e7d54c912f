#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace signet {

/// RFC 4648 §4, with padding, no line breaks.
std::string to_base64(ByteView octets);
/// Blanks and line ends are passed over. Faults: malformed.
Result<Bytes> from_base64(std::string_view text);
/// Either case; colons and blanks are passed over. Faults: malformed.
Result<Bytes> from_hex(std::string_view text);

/// RFC 7468: the octets between "-----BEGIN <label>-----" and its END.
struct PemBlock {
  std::string label;
  Bytes octets;
};
std::string to_pem(std::string_view label, ByteView octets);
/// All blocks, in order; text between them is passed over. Encapsulated headers are refused.
/// Faults: malformed.
Result<std::vector<PemBlock>> from_pem(std::string_view text);

/// ASCII letters in lower case; other octets, also those of UTF-8, stay as they are.
std::string lower_case(std::string_view text);

}  // namespace signet
