#pragma once

#include "client/build_request.h"

namespace signet::client {

/// What is to be revoked, and why (RFC 10002 §6.11).
struct WantedRevocation {
  pkix::Name issuer;
  asn1::Integer serial_number;
  pkix::CRLReason reason = pkix::CRLReason::unspecified;
  std::optional<Time> invalidity_date = {};
  std::string comment = {};
};
struct RevocationInput {
  std::vector<WantedRevocation> revocations;
  const pkix::Certificate& signer;
  const crypto::PrivateKey& signer_key;
  std::vector<pkix::Certificate> chain;
};
/// revokeRequest with the secret that was registered for the certificate, in a message that nobody
/// signs (RFC 10002 §6.11). The secret stands in it in clear: send it over TLS alone.
/// Faults: internal.
Result<SentRequest> make_unsigned_revocation(const WantedRevocation& wanted,
                                             const SecretBytes& secret, RandomSource& random);

/// A Full PKI Request of revokeRequests alone. Faults: as make_full_request.
Result<SentRequest> make_revocation_request(const RevocationInput& input, RandomSource& random);

}  // namespace signet::client
