#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Whether the message says that certificates are taken, or not (RFC 10002 §6.14): it has
/// confirmCertAcceptance, or nothing but a failed status and a transactionId (AMB-18).
bool asks_to_confirm(const cmc::PkiRequest& message);

/// Beside a request that is not answered yet, nothing is confirmed. Faults: unsupported_message.
Result<void> check_confirms_nothing(const cmc::PkiRequest& message);

/// confirmCertAcceptance, as many as the message has, added to what it is granted else. A failed
/// status beside one of them, or alone with the transactionId, says that the certificates are not
/// taken: they are revoked or held (Settings::unconfirmed). Who may: who asked for the certificate,
/// the certificate itself, an agent. What is confirmed already stays as it is.
/// Faults, naming the control: certificate_not_found (unknown, or another issuer's);
/// identity_mismatch; not_allowed (taken too late: it was revoked or held meanwhile); malformed;
/// storage_failed.
Result<void> confirm(const CertificateAuthority::Parts& parts,
                     const envelope::OpenedRequest& request, const proof::ProvenIdentity& identity,
                     AuditTrail& trail, Enrollment& granted);

/// What a retry is told: each control as it was answered, nothing done; Withdrawn where the
/// certificate was taken, and is revoked or held since. Faults: as of `confirm`'s look-up.
Result<void> add_confirmed_before(const CertificateAuthority::Parts& parts,
                                  const cmc::PkiRequest& message, Enrollment& told);

/// What a certificate of `serials` waits for when its owner must confirm it.
std::vector<store::AwaitedConfirmation> await_confirmations(
    const CertificateAuthority::Parts& parts, const envelope::OpenedRequest& request,
    const proof::ProvenIdentity& identity, const std::vector<store::CertificateRecord>& granted);

/// One of them is taken, or it is withdrawn. Faults: internal (not on record), storage_failed.
Result<void> settle(const CertificateAuthority::Parts& parts,
                    const store::AwaitedConfirmation& awaited, bool is_taken, Enrollment& granted);

}  // namespace signet::authority
