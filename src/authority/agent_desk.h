#pragma once

#include "authority/audit_trail.h"
#include "authority/certificate_authority.h"

namespace signet::authority {

/// What an agent decided on a pending request.
struct AgentVerdict {
  Bytes id;
  bool approves = false;
  /// When it approves. Each extension once, given or left out; at most kMostToldChanges of either.
  policy::AgentChanges changes = {};
  std::string note = {};  ///< for the requester; at most 1024 octets
};

/// Where agents see what waits for them, and decide. Who speaks is known by the TLS client
/// certificate alone, which must be an agent's, in force: else unknown_identity, untrusted_signer.
/// Every decision goes on record, and every one that is refused.
/// Safe for many threads.
class AgentDesk {
 public:
  /// `parts` outlives the desk.
  explicit AgentDesk(const CertificateAuthority::Parts& parts) : parts_(parts) {}

  /// Who it is, asked alone: each of those below asks it too. Faults: those above; a refusal is on
  /// record, so storage_failed and in_doubt too.
  Result<proof::ProvenIdentity> prove_agent(const proof::Peer& agent);

  /// What a list shows: newest first, from after the request with the id `after` on; from the first
  /// on where it is empty.
  struct Page {
    std::optional<store::PendingState> state = {};  ///< none: all of them
    std::size_t most = 0;
    Bytes after = {};
  };
  /// Faults: storage_failed.
  Result<std::vector<store::PendingRequest>> list(const proof::Peer& agent, const Page& page);
  /// Faults: key_not_found (there is none), storage_failed.
  Result<store::PendingRequest> show(const proof::Peer& agent, ByteView id);

  /// Approving proves and judges the message again as it was received, as of now: what it may not
  /// have any more is refused, and the request stays open. Durable when it returns.
  /// Faults: malformed (changes); key_not_found (unknown), not_allowed (decided before, expired),
  /// too_large (note); those of enroll; busy (decided by somebody else meanwhile, or a conflict:
  /// look again); storage_failed; in_doubt (not known whether the decision was kept).
  Result<store::PendingRequest> decide(const proof::Peer& agent, const AgentVerdict& verdict);

 private:
  /// The decision as it is to be made durable, but for its audit records.
  Result<store::Commit> judge(const AgentVerdict& verdict, AuditTrail& trail);
  /// AUTHZ with the reason, durable; gives the reason. `verdict`: what was to be decided; an empty
  /// one: it did not come to that. Faults: also storage_failed, in_doubt.
  Error refuse(const Error& why, const AgentVerdict& verdict, AuditTrail& trail);
  Result<store::PendingRequest> find_open(ByteView id);
  Result<store::Commit> approve(const store::PendingRequest& pending, const AgentVerdict& verdict,
                                AuditTrail& trail);
  Result<store::Commit> commit_of(const store::PendingRequest& pending, const AgentVerdict& verdict,
                                  AuditTrail& trail);

  const CertificateAuthority::Parts& parts_;
  crypto::PublicKeyCache keys_;
};

}  // namespace signet::authority
