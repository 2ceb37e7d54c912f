#pragma once

#include <optional>

#include "crypto/rsa_parameters.h"

namespace signet::crypto {

/// RSAES-OAEP-params once read (RFC 4055 §4.1). SHA-1 stands: OAEP's proof does not rest on
/// collisions, and it is OAEP's default.
struct OaepParameters {
  HashAndMask hashes;
  Bytes label;
};

/// What a key transport AlgorithmIdentifier means; none for PKCS#1 v1.5.
/// Faults: unsupported_algorithm.
Result<std::optional<OaepParameters>> transport_scheme(const AlgorithmIdentifier& algorithm);

}  // namespace signet::crypto
