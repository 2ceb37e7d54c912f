#pragma once

#include "codec/asn1/reader.h"

namespace signet::cms {

/// The element in DER: as it is when it is DER already, else rewritten with definite lengths,
/// strings in one piece and sets sorted. What is signed is DER also inside a message in BER
/// (RFC 5652 §5.4). Strings in pieces under a context tag cannot be told from other elements, and
/// stay in pieces. Faults: malformed, trailing_data, too_large, too_deep.
Result<Bytes> der_form(Bytes element, asn1::Limits limits);

}  // namespace signet::cms
