#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "codec/asn1/oid.h"

/// What RFC 4514 text of names is made of, for its reader and its writer.
namespace signet::pkix {

/// Characters of a value that stand after a backslash (RFC 4514 §2.4).
inline constexpr std::string_view kEscapedCharacters = "\"+,;<>\\";

/// How the type is written: "CN"; none when only its number says it.
std::optional<std::string_view> keyword_of(const asn1::Oid& type);

/// The type of a keyword, in any case, or of a dotted number. Faults: malformed.
Result<asn1::Oid> type_from_text(std::string_view word);

}  // namespace signet::pkix
