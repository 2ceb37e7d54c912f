#pragma once

#include "authority/asker.h"
#include "authority/assertions.h"
#include "authority/auth_data.h"
#include "authority/granted.h"
#include "authority/traces.h"

namespace signet::authority {

/// A message whose sender is known, and the profile that serves it. References outlive the call.
struct Attempt {
  const Asker& asker;
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
/// `wrong`: where a wrong answer is noted, to be counted with the refusal.
Result<Granted> enroll(const Attempt& attempt, WrongAnswers& wrong);

}  // namespace signet::authority
