#pragma once

#include "authority/certificate_authority.h"
#include "codec/cms/cms.h"

namespace signet::authority {

/// What is on record of a certificate of this authority. Faults: certificate_not_found (unknown, or
/// another issuer's); storage_failed.
Result<store::CertificateRecord> find_issued(const CertificateAuthority::Parts& parts,
                                             const cms::IssuerAndSerialNumber& id);

}  // namespace signet::authority
