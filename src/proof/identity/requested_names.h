#pragma once

#include "codec/cmc/controls.h"
#include "proof/identity/identity.h"

// What somebody may ask for, once it is known who asks.
namespace signet::proof {

/// Where the subject of a user's certificate comes from.
enum class SubjectRule {
  as_requested,  ///< the request's, which must be the user's own
  replaced,      ///< the profile puts the user's own there ([compatibility] replace_subject)
};

/// What a user may ask for.
struct NameRules {
  SubjectRule subject = SubjectRule::as_requested;
  bool may_change = false;  ///< other names, by changeSubjectName
  /// Where it is noted that SubjectRule::replaced decided; null: nobody asks.
  UsedTolerances* tolerated = nullptr;
};

/// A user asks for itself: the request's subject, and its SubjectAltName where it asks for one, are
/// those of the certificate that proved the identity (RFC 10002 §6.3.3), or the subject is the one
/// that the shared secret stands for (§6.3.2), or NULL, and there are no alternative names. Agents
/// ask for anybody, and vouch for all that stands in a request. SubjectRule::replaced: any
/// subject passes. Gives the new names that a user asks for by
/// changeSubjectName (find_name_change); none else. Faults: identity_mismatch, naming both;
/// malformed; unsupported_control; unsupported_message (orm).
Result<std::optional<cmc::ChangeSubjectName>> check_requested_names(
    const cmc::TaggedRequest& request, const ProvenIdentity& identity, const NameRules& rules);

/// changeSubjectName (§7.1) in a request; none when there is none. Only a user who signs with a
/// certificate in force may ask, where the rules let it, and the request itself bears the names of
/// that certificate. Faults: identity_mismatch; malformed; unsupported_control for an agent, who
/// needs no leave to ask for other names.
Result<std::optional<cmc::ChangeSubjectName>> find_name_change(const cmc::TaggedRequest& request,
                                                               const ProvenIdentity& identity,
                                                               const NameRules& rules);

/// With an expired certificate, its own key is certified again and no other.
/// Faults: identity_mismatch.
Result<void> check_renews_itself(const cmc::TaggedRequest& request, const ProvenIdentity& identity);

/// A user gets its own subject, whatever the profile made of it. Faults: identity_mismatch.
Result<void> check_granted_subject(const pkix::Name& granted, const ProvenIdentity& identity);

}  // namespace signet::proof
