#pragma once

#include "codec/cmc/pki_request.h"
#include "proof/identity/identity_context.h"

namespace signet::proof {

/// The certificates whose revocation secrets stand, right, in the revokeRequests of a message
/// (RFC 10002 §6.11); a revokeRequest without one is passed over.
///
/// None kept for the certificate, a wrong secret and a locked one get the same answer:
/// unknown_identity, naming the control, the reason in `confidential`. A wrong secret goes into
/// `context.failed_proof`, to be counted. Faults: also malformed; storage_failed; token_failed;
/// naming the control and before any secret is looked at, certificate_not_found (another issuer's),
/// takes_time; duplicate_control (a serial number for the second time), too_large (more than
/// eight).
Result<std::vector<asn1::Integer>> check_revocation_secrets(const cmc::PkiRequest& message,
                                                            const IdentityContext& context);

/// Under which wrong secrets for this certificate are counted.
Bytes revocation_token_id(const asn1::Integer& serial_number);

}  // namespace signet::proof
