#pragma once

#include "base/random_source.h"
#include "codec/asn1/reader.h"

namespace signet::issuance {

/// A fresh serial number: 127 random bits, positive, never 0 (RFC 5280 §4.1.2.2: at most 20
/// octets). Two of them meet by chance after some 2^63; the store refuses the second all the same.
/// Faults: internal, when the generator fails.
Result<asn1::Integer> draw_serial_number(RandomSource& random);

}  // namespace signet::issuance
