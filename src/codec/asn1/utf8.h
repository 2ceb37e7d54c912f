#pragma once

#include <string>

#include "base/bytes.h"

namespace signet::asn1 {

/// Whether the octets are UTF-8: RFC 3629 §4, no overlong form, no surrogate, nothing over 10FFFF.
bool is_utf8(ByteView octets);

/// Appends a character's UTF-8 form. What is no character (a surrogate, over 10FFFF) becomes
/// U+FFFD, the replacement character.
void append_utf8(std::string& text, char32_t character);

}  // namespace signet::asn1
