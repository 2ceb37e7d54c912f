#pragma once

#include "issuance/issuer.h"
#include "store/committer.h"

namespace signet::authority {

/// What signs OCSP answers: a fresh key, in memory only, and the certificate by which the authority
/// delegates to it (RFC 6960 §4.2.2.2).
struct OcspSigner {
  std::unique_ptr<crypto::PrivateKey> key;
  pkix::AlgorithmIdentifier algorithm;
  pkix::Certificate certificate;
  Bytes key_hash;  ///< SHA-1 of the public key: the responder's KeyHash

  [[nodiscard]] bool is_valid_at(Time time) const;
  /// Halfway through its life.
  [[nodiscard]] Time renew_from() const;
};

struct OcspSignerInput {
  const issuance::Issuer& issuer;
  std::uint32_t crl_shard = 0;                    ///< on whose CRLs the certificate would stand
  pkix::AlgorithmIdentifier signature_algorithm;  ///< of the certificate
  std::chrono::days validity;                     ///< cut to the authority's own
  store::Committer& committer;
  const Clock& clock;
  RandomSource& random;
};
/// P-256, or RSA-2048 for an authority with an RSA key. The certificate is on record, and durable,
/// when this returns. Faults: bad_configuration (the authority's certificate is not valid now),
/// internal, signing_failed, storage_failed, busy (its serial number was taken).
Result<OcspSigner> make_ocsp_signer(const OcspSignerInput& input);

}  // namespace signet::authority
