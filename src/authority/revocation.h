#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Whether the message asks for revocations.
bool asks_to_revoke(const cmc::PkiRequest& message);
/// Whether the octets hold the secret of a revocation, or may, so that they must not be kept:
///   - a revokeRequest has one, or cannot be read, or nobody signed it
///   - revokeRequest is named elsewhere in the message than in its own controls: in a message that
///     stands in this one, in whatever pieces, or may be
///   - the whole cannot be read (`message` is null) and names revokeRequest, or is not BER to its
///     end: it may be a text that stands for such a message, or the first half of one
bool may_hold_revocation_secret(ByteView octets, const cmc::PkiRequest* message);

/// revokeRequest (RFC 10002 §6.11), as many as the message has; all of them or none. Who may:
///   - a user: its own certificate, and others with its own subject
///   - an agent: any of ours; only an agent lifts a hold (reason removeFromCRL)
/// A certificate that is revoked already stays as it is, and the answer is success; one on hold may
/// be revoked for another reason.
/// Faults, naming the control: certificate_not_found (unknown, or another issuer's);
/// identity_mismatch (somebody else's); not_allowed (nothing to lift, the authority's own
/// certificate); malformed; unsupported_message (certification requests beside); unknown_identity
/// (no existing certificate signed); storage_failed.
Result<Granted> revoke(const Asker& asker);

/// The verifier of a revocation secret (proof/identity/revocation_verifier.h) that the requester
/// registers for its new certificate: in regInfo, its own or that of its authData, the text
/// "revocationSecret:" and the salted hash. None when regInfo says something else. Faults:
/// malformed; duplicate_control (both register one); misplaced_control (in the message itself,
/// which nobody signed: only an identity proof stands in it, and does not cover it);
/// unsupported_message when there are several requests (RFC 10002 §6.11: no two certificates share
/// a secret).
Result<std::optional<std::string>> registered_verifier(const Attempt& attempt);

/// Whether each certificate that the message is about is still what it asked for: revoked, on hold
/// (or revoked since), released. Faults: malformed; storage_failed.
Result<bool> is_as_asked(const CertificateAuthority::Parts& parts, const cmc::PkiRequest& message);

/// What a retry is told: each control as it was answered, nothing done.
Granted revoked_before(const cmc::PkiRequest& message);

}  // namespace signet::authority
