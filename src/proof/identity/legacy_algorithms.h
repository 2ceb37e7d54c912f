#pragma once

#include <string_view>

#include "crypto/digest.h"

namespace signet::proof {

/// What proofs by a shared secret may use only where SecretRules::legacy_proofs says so.
inline bool is_legacy(crypto::DigestAlgorithm hash) {
  return hash == crypto::DigestAlgorithm::sha1 || hash == crypto::DigestAlgorithm::sha224;
}
inline bool is_legacy(crypto::MacAlgorithm mac) {
  return mac == crypto::MacAlgorithm::hmac_sha1 || mac == crypto::MacAlgorithm::hmac_sha224;
}

/// What the audit says of a MAC that is right by MacComputation::old_dogtag alone.
inline constexpr std::string_view kOldMac =
    "HMAC key padded to 64 octets, as Dogtag's tools before 10.7 do";

}  // namespace signet::proof
