#pragma once

#include <vector>

#include "authority/audit_trail.h"
#include "authority/certificate_authority.h"
#include "authority/outcome.h"
#include "authority/traces.h"
#include "codec/cmc/status.h"

namespace signet::authority {

/// What a message that is not refused adds to the world: certificates, or a challenge.
struct Enrollment {
  std::vector<Outcome> outcomes;
  std::vector<store::CertificateRecord> certificates;
  std::vector<store::KeyCondition> keys;
  std::optional<store::TokenUse> token_use;
  /// What the Challenged outcomes wait for.
  std::optional<store::PendingChallenge> challenge;
  std::optional<store::ChallengeChange> challenge_change;
  std::vector<store::StatusChange> status_changes;
  std::optional<cmc::PendInfo> pend_info;  ///< what the Pending outcomes are told
  std::optional<store::PendingRequest> pending;
  std::vector<store::AwaitedConfirmation> awaited;
  std::vector<asn1::Integer> settled;  ///< confirmations that are awaited no more
  std::vector<store::RevocationSecret> revocation_secrets;
};

/// A message whose sender is known, and the profile that serves it. References outlive the call.
struct Attempt {
  const envelope::OpenedRequest& request;
  const proof::ProvenIdentity& identity;
  const policy::ProfileSet& offered;  ///< when the decision began
  const policy::Profile& profile;     ///< one of them
  store::ChallengeForm challenge_form;
  const Inquiry& inquiry;
  Time received_at;  ///< before now where an agent decides on what came earlier
  /// What an agent who approved it changes; null when none was asked yet.
  const policy::AgentChanges* approved = nullptr;
};

/// Steps 5 to 7 of the straight line. Every request of the message is proven and approved before
/// any is signed; the first that is refused refuses the message (RFC 10002 §6.7). Where a key must
/// open a challenge, nothing is signed and all such keys are challenged. Where the profile demands
/// an agent's approval and a user asks, all that holds waits for it. Faults: those of the steps;
/// each names the request it concerns.
Result<Enrollment> enroll(const CertificateAuthority::Parts& parts, const Attempt& attempt,
                          const Traces& traces);

/// The challenge that was the first answer to this very message, with the same proof values.
/// Faults: those of the steps; none when the challenge is gone.
Result<std::optional<Enrollment>> challenge_again(const CertificateAuthority::Parts& parts,
                                                  const envelope::OpenedRequest& request,
                                                  const proof::ProvenIdentity& identity,
                                                  ByteView challenge_id);

/// A bare PKCS#10 must not have come over a path (or with a profileId) whose profile wants a signed
/// message. Said before anything else, since its sender mistook the path. Faults:
/// unsupported_message.
Result<void> check_simple_path(const policy::ProfileSet& offered, const std::string& named,
                               const cmc::PkiRequest& message);

/// The profile of `offered` that serves this message: the one named, else by who asks and how.
/// Faults: unknown_profile, naming those there are; unknown_identity and unsupported_message when
/// the profile is not for this kind of message.
Result<const policy::Profile*> choose_profile(const CertificateAuthority::Parts& parts,
                                              const policy::ProfileSet& offered,
                                              const std::string& named,
                                              const envelope::OpenedRequest& request,
                                              const proof::ProvenIdentity& identity);

}  // namespace signet::authority
