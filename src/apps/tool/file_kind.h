#pragma once

#include <string>

#include "base/bytes.h"

namespace signet::tool {

/// What a file plainly is, where something else was wanted, for the end of a sentence: "it is
/// empty", "it is text, neither PEM nor base64", "it holds CERTIFICATE REQUEST (PEM)", "it is a
/// certificate (DER)". Empty where nothing can be said.
std::string what_file_is(ByteView file);

/// Whether it has no octet that text does not have. No DER of more than a few octets is text.
bool is_plain_text(ByteView file);

}  // namespace signet::tool
