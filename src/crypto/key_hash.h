#pragma once

#include "base/bytes.h"
#include "codec/pkix/algorithm.h"

namespace signet::crypto {

/// What tells whether two certificates have one key: SHA-256 of the SubjectPublicKeyInfo in its
/// ordinary form, however it was written. A compressed EC point (SEC 1 §2.3.3) counts as the
/// uncompressed one; an RSA key under id-RSASSA-PSS, or with other parameters than NULL (both come
/// with the records of other authorities), as one of rsaEncryption. Other keys that we take can be
/// written in one way only. What is no key that we take counts as it stands.
Bytes key_hash(const pkix::SubjectPublicKeyInfo& info);

}  // namespace signet::crypto
