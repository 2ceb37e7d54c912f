#pragma once

#include "base/clock.h"
#include "base/random_source.h"
#include "codec/asn1/reader.h"

namespace signet::issuance {

/// A fresh serial number of 16 octets: the milliseconds from 1970 to `now` in six, first bit clear,
/// then 80 random bits; positive, never 0 (RFC 5280 §4.1.2.2: at most 20 octets). The time in front
/// puts what is issued together side by side in a store's index, so that a batch touches one page
/// of it in place of one page each. Two numbers of one millisecond meet by chance after some 2^40;
/// the store refuses the second all the same. Faults: internal, when the generator fails or the
/// clock is before 1970.
Result<asn1::Integer> draw_serial_number(RandomSource& random, PreciseTime now);

}  // namespace signet::issuance
