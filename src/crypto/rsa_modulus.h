#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace signet::crypto {

/// What can be seen of an RSA modulus in microseconds: it is odd, no prime up to 751 divides it
/// (CA/Browser Forum Baseline Requirements §6.1.6), and it is not of the shape that the Infineon
/// library of CVE-2017-15361 gave (ROCA): a power of 65537 modulo each of the small primes.
/// `modulus` is big-endian without leading zero. Faults: weak_key.
Result<void> check_rsa_modulus(ByteView modulus);

}  // namespace signet::crypto
