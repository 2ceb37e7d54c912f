#pragma once

#include "codec/pkix/general_name.h"

namespace signet::policy {

/// Whether all text in an otherName is seen (base/unseen.h): a principal name, a mail address in
/// UTF-8, what stands in any depth of its value. UTF8String, NumericString, PrintableString,
/// IA5String, VisibleString, OID-IRI and RELATIVE-OID-IRI are read; so are GeneralString (of which
/// Kerberos' names are made, RFC 4120 §5.2.1), GraphicString, ObjectDescriptor, TeletexString and
/// VideotexString whose octets are visible ASCII, which they all have in common; so is what an
/// IMPLICIT tag hides the type of, where it is UTF-8 beyond ASCII. Not seen, as nothing tells that
/// it is text: ASCII and other encodings (BMPString, Latin-1) under such a tag, and what stands in
/// an OCTET STRING.
/// Faults: malformed, saying which type, or which character.
Result<void> check_text_is_seen(const pkix::OtherName& name);

}  // namespace signet::policy
