#pragma once

#include "authority/asker.h"
#include "authority/granted.h"

namespace signet::authority {

/// Whether the message wants certificates published, or published no more (RFC 10002 §6.18).
bool asks_to_publish(const cmc::PkiRequest& message);

/// publishCert, as many as the message has, added to what it is granted else; all of them or none,
/// and after what it issues and revokes. Who may: as for a revocation, signed by an existing
/// certificate. The certificates are named by their hash, and looked for among the signer's own,
/// those of its subject (where these are a thousand at most), and those that come along in the
/// message; what this very message issues has a hash that nobody knew.
///
/// dontPublish takes a certificate out of the directory and keeps it out, whatever becomes of it,
/// until pleasePublish says otherwise. What its last publishCert said already is told to the
/// directory again. Faults, naming the control: certificate_not_found; identity_mismatch (somebody
/// else's); not_allowed (not in force, not taken by its owner yet, of a profile that is not
/// published); duplicate_control (a certificate twice); malformed (dontPublish with pubInfos, no
/// hash); unsupported_control (another way to publish than the directory, or another place);
/// unsupported_algorithm; too_large (more than 64, or a subject that has too many to look through);
/// unknown_identity (no existing certificate signed); storage_failed.
Result<void> publish(const Asker& asker, Granted& granted);

/// Beside requests that wait for an agent, or whose keys are challenged first. Faults:
/// unsupported_message.
Result<void> check_publishes_nothing(const cmc::PkiRequest& message);

/// What a retry is told: each control as it was answered, nothing done.
void add_published_before(const cmc::PkiRequest& message, Granted& told);

}  // namespace signet::authority
