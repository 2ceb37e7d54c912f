#pragma once

#include "issuance/issuer.h"

namespace signet::issuance {

struct CrlInput {
  std::uint64_t number = 1;  ///< cRLNumber
  Time this_update;
  Time next_update;
  std::vector<store::RevokedEntry> revoked;
  pkix::AlgorithmIdentifier signature_algorithm;
};
/// A full CRL of the issuer (RFC 5280 §5): cRLNumber and authorityKeyIdentifier; each entry with
/// its reasonCode, unless it is unspecified, and its invalidityDate where there is one. Read back
/// and verified with the issuer's own certificate before it leaves. Faults: signing_failed,
/// internal.
Result<store::CrlRecord> make_crl(const Issuer& issuer, const CrlInput& input);

}  // namespace signet::issuance
