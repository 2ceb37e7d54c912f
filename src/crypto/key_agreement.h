#pragma once

#include "crypto/private_key.h"

namespace signet::crypto {

/// An ephemeral key of ours, and what it agrees on with somebody's static key (RFC 5753 §3.1,
/// RFC 8418 §2). The ephemeral private key is gone.
struct EphemeralAgreement {
  pkix::SubjectPublicKeyInfo ephemeral;
  SecretBytes shared_secret;  ///< Z: an x coordinate (EC), a u coordinate (X25519, X448)
};
/// Faults: unsupported_algorithm (the key is not on a curve for agreement), decryption_failed.
Result<EphemeralAgreement> agree_with(const PublicKey& recipient);

/// The point of an EC key, uncompressed (SEC 1 §2.3.3), whatever form it came in; for a device
/// that is to agree with it. Faults: unsupported_algorithm (no EC key).
Result<Bytes> uncompressed_point(const PublicKey& key);

/// ANSI X9.63 key derivation (SEC 1 §3.6.1): `octets` of key from Z and SharedInfo.
SecretBytes x963_kdf(DigestAlgorithm algorithm, const SecretBytes& shared_secret,
                     ByteView shared_info, std::size_t octets);

/// Whether keys of this kind agree with others: EC, X25519, X448.
bool can_agree(KeyKind kind);

}  // namespace signet::crypto
