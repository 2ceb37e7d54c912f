#pragma once

#include "crypto/digest.h"

namespace signet::proof {

/// What proofs by a shared secret may use only where SecretRules::legacy_proofs says so.
inline bool is_legacy(crypto::DigestAlgorithm hash) {
  return hash == crypto::DigestAlgorithm::sha1 || hash == crypto::DigestAlgorithm::sha224;
}
inline bool is_legacy(crypto::MacAlgorithm mac) {
  return mac == crypto::MacAlgorithm::hmac_sha1 || mac == crypto::MacAlgorithm::hmac_sha224;
}

}  // namespace signet::proof
