#pragma once

#include "crypto/private_key.h"

namespace signet::issuance {

/// A TBSCertificate and the octets that were linted: what the key signs.
struct LintedTbs {
  pkix::TBSCertificate tbs;
  Bytes der;
};

/// Writes `tbs` and lints what was written. Faults: internal.
Result<LintedTbs> write_linted(pkix::TBSCertificate tbs, const pkix::Certificate& issuer);

/// The certificate over exactly `linted.der`, which is looked for again in what comes out.
/// Faults: signing_failed.
Result<pkix::Certificate> sign_linted(LintedTbs linted, const crypto::PrivateKey& key);

}  // namespace signet::issuance
