#pragma once

#include "adapters/pkcs11/session.h"
#include "codec/pkix/algorithm.h"

namespace signet::pkcs11 {

/// The public key of a key object, private or public: from its own attributes, from the public key
/// object with its CKA_ID, or from a certificate with its CKA_ID. Does not check that they belong
/// together. Faults: unsupported_algorithm (type of key), key_not_found (nothing tells the public
/// half).
Result<pkix::SubjectPublicKeyInfo> public_half(Session& session, CK_OBJECT_HANDLE key);

/// CKA_ID as NSS sets it: SHA-1 of the modulus (RSA) or of the point's or key's octets.
Result<Bytes> nss_key_id(const pkix::SubjectPublicKeyInfo& info);

}  // namespace signet::pkcs11
