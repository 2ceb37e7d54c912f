#pragma once

#include "codec/pkix/certificate.h"

namespace signet::issuance {

/// Whether a certificate may be signed: the rules of RFC 5280 §4 for conforming authorities that
/// the octets alone can show. `tbs_der` is read back with our own strict reader and must give
/// `tbs`. Faults: internal; the detail names the rule and its section.
Result<void> lint(const pkix::TBSCertificate& tbs, ByteView tbs_der,
                  const pkix::Certificate& issuer);

}  // namespace signet::issuance
