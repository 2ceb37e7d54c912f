#pragma once

#include <optional>

#include "authority/auth_data.h"
#include "authority/enrollment.h"
#include "authority/forwarding.h"
#include "authority/received_message.h"

namespace signet::authority {

/// What was decided on one message.
struct Decision {
  Granted granted;
  /// By which a retry will be known; none when this is such a retry.
  std::optional<store::AnsweredRequest> answered;
  /// What the answer is MACed under instead of signed; none unless the message came so.
  std::optional<SecretBytes> password;
  /// What its authData brought; none where it has none.
  std::optional<AuthData> auth_data = {};
  /// Messages that stand in this one, each to be decided by itself; then nothing else was.
  std::vector<Forwarded> forwarded = {};
};

/// What an agent approved, of a message that came earlier. References live for the call only.
struct ApprovedEarlier {
  Time received_at;
  const policy::AgentChanges& changes;
};

/// The straight line of docs/REQUEST-PATH.md from open_request on, enroll and what leaves the line
/// before it among it, by the profiles that are offered when it begins. Faults: those of the steps,
/// in their order.
Result<Decision> decide(const CertificateAuthority::Parts& parts, crypto::PublicKeyCache& keys,
                        const ReceivedMessage& received, const Traces& traces);

/// The same for a message that waited for an agent and was approved: proof and policy hold as of
/// now, its time of signing and its challenge as of when it came. Faults: likewise.
Result<Granted> decide_approved(const CertificateAuthority::Parts& parts,
                                crypto::PublicKeyCache& keys, const ReceivedMessage& received,
                                const ApprovedEarlier& approved, const Traces& traces);

}  // namespace signet::authority
