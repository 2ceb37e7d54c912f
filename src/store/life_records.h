#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "codec/pkix/certificate.h"

namespace signet::store {

using pkix::Integer;

/// What became of a request that waits for a person. Only an open one changes, and never back.
enum class PendingState { open = 0, granted = 1, rejected = 2 };

/// A message that waits for an agent's decision: with all that it takes to decide it again.
struct PendingRequest {
  Bytes id;                      ///< pendToken (RFC 10002 §6.13): 16 random octets
  Bytes requester_hash;          ///< SHA-256 of who asked: certificate DER or identification
  Bytes transaction_id;          ///< contents of the INTEGER; empty when none
  Bytes message;                 ///< as received, without encryption around it
  Bytes tls_client_certificate;  ///< DER; empty when the connection had none
  std::string client_address;
  std::string profile_id;
  std::string requester;  ///< who asked, as text
  std::string subject;    ///< asked for, as text: of the first request
  Time created_at;
  Time expires_at;  ///< from then on it is not granted any more
  PendingState state = PendingState::open;
  std::optional<Time> decided_at = {};
  std::string decided_by = {};               ///< the agent, as text
  std::string note = {};                     ///< the agent's, for the requester
  std::vector<Integer> serial_numbers = {};  ///< of what was granted, in the order of the requests
  bool operator==(const PendingRequest&) const = default;
};

/// An agent's decision. Condition: the request is still open.
struct PendingDecision {
  Bytes id;
  PendingState to = PendingState::granted;
  Time at;
  std::string by;
  std::string note;
  std::vector<Integer> serial_numbers;
  bool operator==(const PendingDecision&) const = default;
};

/// A certificate whose owner must say that it takes it (RFC 10002 §6.14).
struct AwaitedConfirmation {
  Integer serial_number;
  Bytes requester_hash;  ///< as AnsweredRequest's
  Bytes transaction_id;  ///< empty when none
  Time until;            ///< the last second for it
  bool operator==(const AwaitedConfirmation&) const = default;
};

/// By what a certificate may be revoked without a signature (RFC 10002 §6.11). One a certificate;
/// another takes its place.
struct RevocationSecret {
  Integer serial_number;
  std::string verifier;  ///< never the secret itself: proof/identity/revocation_verifier.h
  bool operator==(const RevocationSecret&) const = default;
};

}  // namespace signet::store
