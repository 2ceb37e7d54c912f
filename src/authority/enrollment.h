#pragma once

#include <vector>

#include "authority/assertions.h"
#include "authority/audit_trail.h"
#include "authority/auth_data.h"
#include "authority/certificate_authority.h"
#include "authority/outcome.h"
#include "authority/traces.h"
#include "codec/cmc/status.h"

namespace signet::authority {

/// What a message that is not refused is told, and what is to be durable before it is: whoever
/// grants something writes it into `changes`, which become the answer's commit as they are.
struct Enrollment {
  std::vector<Outcome> outcomes;
  std::optional<cmc::PendInfo> pend_info;  ///< what the Pending outcomes are told
  /// Its challenge is what the Challenged outcomes wait for; it may stand in the store already.
  store::Commit changes;
};

/// A message whose sender is known, and the profile that serves it. References outlive the call.
struct Attempt {
  const envelope::OpenedRequest& request;
  const proof::ProvenIdentity& identity;
  const policy::ProfileSet& offered;  ///< when the decision began
  const policy::Profile& profile;     ///< one of them
  store::ChallengeForm challenge_form;
  const Inquiry& inquiry;
  Time received_at;                     ///< before now where an agent decides on what came earlier
  const Asserted& asserted;             ///< what agents say of the message
  const AuthData* auth_data = nullptr;  ///< what its authData brought; null: it has none
  /// What an agent who approved it changes; null when none was asked yet.
  const policy::AgentChanges* approved = nullptr;
};

/// check_requested_names, prove_possession and policy::approve for every request of the message,
/// confirm for what it confirms besides, publish for what it has published, then Issuer::prepare
/// and sign for all; the first that is refused refuses the message (RFC 10002 §6.7), and nothing is
/// signed before all were asked. Where a key must open a challenge, nothing is signed and all such
/// keys are challenged. Where the profile demands an agent's approval and a user asks, all that
/// holds waits for it. Faults: those of these functions; each names the request it concerns.
Result<Enrollment> enroll(const CertificateAuthority::Parts& parts, const Attempt& attempt,
                          const Traces& traces);

}  // namespace signet::authority
