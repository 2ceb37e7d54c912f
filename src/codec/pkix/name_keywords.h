#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "codec/asn1/oid.h"
#include "codec/asn1/tag.h"

/// What RFC 4514 text of names is made of, for its reader and its writer.
namespace signet::pkix {

/// Characters of a value that stand after a backslash (RFC 4514 §2.4).
inline constexpr std::string_view kEscapedCharacters = "\"+,;<>\\";

/// How the type is written: "CN"; none when only its number says it.
std::optional<std::string_view> keyword_of(const asn1::Oid& type);

/// The string type in which Dogtag's tools write an attribute that may have others too
/// (RFC 4524 §2.16, RFC 2985 §5.4): IA5String for MAIL and unstructuredName, PrintableString for
/// unstructuredAddress; none for all others.
std::optional<asn1::Tag> usual_string_type(const asn1::Oid& type);

/// The type of a keyword, in any case, or of a dotted number. Faults: malformed.
Result<asn1::Oid> type_from_text(std::string_view word);

}  // namespace signet::pkix
