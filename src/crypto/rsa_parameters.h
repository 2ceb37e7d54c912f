#pragma once

#include "crypto/digest.h"

namespace signet::crypto {

/// What RSASSA-PSS-params and RSAES-OAEP-params have in common.
struct HashAndMask {
  DigestAlgorithm hash = DigestAlgorithm::sha1;
  DigestAlgorithm mask_hash = DigestAlgorithm::sha1;  ///< of MGF1
};

/// The first two fields of either (RFC 4055 §3.1, §4.1); SHA-1 where one is absent, as it says.
///
///   hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1Identifier,
///   maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///
/// Does not check that SHA-1 may be used: the caller knows what for.
/// Faults: malformed, unsupported_algorithm.
Result<HashAndMask> read_hash_and_mask(asn1::Reader& sequence);

}  // namespace signet::crypto
