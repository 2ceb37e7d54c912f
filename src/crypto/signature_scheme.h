#pragma once

#include <optional>

#include "crypto/public_key.h"

namespace signet::crypto {

/// What a signature AlgorithmIdentifier means, once read.
struct SignatureScheme {
  enum class Family { rsa_pkcs1, rsa_pss, ecdsa, ed25519, ed448 };

  Family family = Family::rsa_pkcs1;
  /// EdDSA: the digest that stands beside it in a SignerInfo; the signature is over the message.
  DigestAlgorithm digest = DigestAlgorithm::sha256;
  std::size_t salt_octets = 0;  ///< RSASSA-PSS only

  bool operator==(const SignatureScheme&) const = default;
};

/// From its AlgorithmIdentifier (RFC 4055, 5754, 5758, 8410, 8419). `beside` is the digestAlgorithm
/// of the SignerInfo that it stands in: demanded by rsaEncryption, which names none, and equal to
/// the algorithm's own otherwise (beside Ed448 SHA-512 too).
/// Parameters: RSA NULL or absent, ECDSA and EdDSA absent, PSS as in RFC 4055 §3.1.
/// Faults: unsupported_algorithm.
Result<SignatureScheme> signature_scheme(const AlgorithmIdentifier& algorithm,
                                         std::optional<DigestAlgorithm> beside = {});

/// Faults: unsupported_algorithm when a key of this kind and size cannot make such a signature.
Result<void> check_fits(const SignatureScheme& scheme, KeyKind kind, int bits);

}  // namespace signet::crypto
