#pragma once

#include "crypto/openssl.h"
#include "crypto/private_key.h"

namespace signet::crypto {

/// Opens an RSA key transport (RFC 3370 §4.2.1, RFC 3560) with an RSA key.
///
/// PKCS#1 v1.5 never says whether the padding was right: where it was not, octets come out that
/// nobody can foretell but that are the same for the same ciphertext, so that what is decrypted
/// with them fails just as with any other wrong key (Bleichenbacher; RFC 3218 §2.3.2).
/// Faults: unsupported_algorithm, decryption_failed.
Result<SecretBytes> decrypt_key_transport(EVP_PKEY* key, const AlgorithmIdentifier& algorithm,
                                          ByteView ciphertext);

}  // namespace signet::crypto
