#pragma once

#include "client/read_response.h"

namespace signet::client {

/// What getCert and getCRL brought (RFC 10002 §6.9, §6.10). The signature of a response is not over
/// the certificates and CRLs around it: each is verified by itself.

/// The certificate with this serial number of one of `issuers`: the certificates of one authority,
/// which has several where it was given another key.
/// Faults: certificate_not_found; bad_signature (by none of them).
Result<pkix::Certificate> retrieved_certificate(const CheckedResponse& checked,
                                                const std::vector<pkix::Certificate>& issuers,
                                                const asn1::Integer& serial_number);
/// The first CRL that is of one of `issuers`. In a Simple response, which any older answer could
/// have been put in the place of, it must be in force now. Faults: crl_not_found; bad_signature,
/// untrusted_signer (another issuer's); stale_time.
Result<pkix::CertificateList> retrieved_crl(const CheckedResponse& checked,
                                            const std::vector<pkix::Certificate>& issuers,
                                            Time now);

}  // namespace signet::client
