#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Whether the message asks for certificates or CRLs.
bool asks_to_retrieve(const cmc::PkiRequest& message);

/// getCert and getCRL (RFC 10002 §6.9, §6.10), as many as the message has; all found or an error.
/// Who asks must be known, and may ask for anything: certificates and CRLs are public.
/// Faults, naming the control: certificate_not_found, crl_not_found; malformed;
/// unsupported_message (certification requests or revocations beside); storage_failed.
Result<Enrollment> retrieve(const CertificateAuthority::Parts& parts,
                            const envelope::OpenedRequest& request);

}  // namespace signet::authority
