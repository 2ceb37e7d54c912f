#pragma once

#include "proof/identity/identity.h"

// A request under another subject than its user's, which the profile replaces.
namespace signet::proof {

/// Whether a user who signs may have a request certified under its own subject that asks for
/// another one (SubjectRule::replaced), though neither a witness nor a challenge ties it to the
/// user. What a request's own key signed may be somebody else's, seen and copied, and then names
/// that one. So the key must be the one that signed the message, or the subject nobody's on record,
/// as it is spelled, or with all strings as UTF8String or as PrintableString; the NULL one is
/// anybody's. Agents, and whom they vouch for, ask as they like.
/// Faults: identity_mismatch; malformed (NULL); storage_failed.
Result<void> check_replaced_subject(const cmc::TaggedRequest& request,
                                    const ProvenIdentity& identity,
                                    const store::CertificateStore& certificates);

}  // namespace signet::proof
