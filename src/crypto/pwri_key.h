#pragma once

#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::crypto {

/// id-alg-PWRI-KEK (RFC 3211 §2.3) with AES-CBC: a key that was padded and encrypted twice. New
/// messages have AES key wrap instead. `iv`: 16 octets. The key must have 16 at least.
/// Faults: decryption_failed, whatever is wrong.
Result<SecretBytes> pwri_key_unwrap(const SecretBytes& wrapping_key, ByteView iv, ByteView wrapped);

}  // namespace signet::crypto
