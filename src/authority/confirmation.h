#pragma once

#include "authority/asker.h"
#include "authority/granted.h"

namespace signet::authority {

/// Whether the message says that certificates are taken, or not (RFC 10002 §6.14): it has
/// confirmCertAcceptance, or nothing but a failed status and a transactionId (AMB-18).
bool asks_to_confirm(const cmc::PkiRequest& message);

/// Beside a request that is not answered yet, nothing is confirmed. Faults: unsupported_message.
Result<void> check_confirms_nothing(const cmc::PkiRequest& message);

/// confirmCertAcceptance, as many as the message has, added to what it is granted else. A failed
/// status that names one of them (acceptance.h), or stands alone with the transactionId, says that
/// the certificates are not taken: they are revoked or held (Settings::unconfirmed). Who may: who
/// asked for the certificate, the certificate itself, an agent; where none is waited for any more,
/// those of may_act_on. What is confirmed already stays as it is.
/// Faults, naming the control: certificate_not_found (unknown, or another issuer's);
/// identity_mismatch; not_allowed (taken too late: it was revoked or held meanwhile; rejected too
/// late: it was taken); malformed (statuses that are not clear); unknown_identity (nothing covers
/// what is said: unsigned_message.h); storage_failed.
Result<void> confirm(const Asker& asker, Granted& granted);

/// What a retry is told: each control as it was answered, nothing done; Withdrawn where the
/// certificate was taken, and is revoked or held since. Faults: as of `confirm`'s look-up.
Result<void> add_confirmed_before(const Asker& asker, Granted& told);

/// What these certificates wait for when their owner must confirm them.
std::vector<store::AwaitedConfirmation> await_confirmations(
    const Asker& asker, const std::vector<store::CertificateRecord>& granted);

/// A certificate is not taken: it is withdrawn. Faults: internal (not on record), storage_failed.
Result<void> withdraw(const CertificateAuthority::Parts& parts,
                      const store::AwaitedConfirmation& awaited, Time now, Granted& granted);

}  // namespace signet::authority
