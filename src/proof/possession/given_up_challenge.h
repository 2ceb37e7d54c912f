#pragma once

#include "codec/cmc/status.h"
#include "proof/possession/challenge.h"

namespace signet::proof {

/// failed with popFailed: that is said of a challenge, never of a certificate.
bool is_about_challenge(const cmc::CMCStatusInfoV2& status);

/// Whether regInfo holds a request id, and no certificate is spoken of: then any failed status is
/// about that challenge.
bool names_challenge(const cmc::PkiRequest& message);

/// Whether a message gives a challenge up (RFC 10002 §6.7: the witness was not that of the proof
/// value): without requests and confirmations, by status failed with popFailed, or as
/// names_challenge says.
bool gives_up_challenge(const cmc::PkiRequest& message);

struct GivingUp {
  const cmc::PkiRequest& message;
  const ProvenIdentity& identity;
  Bytes transaction_id;  ///< contents; empty where there is none
  Time now;
};

/// What becomes of the challenge that a message gives up: the one that regInfo names, or that its
/// nonces lead to, else the one that is open in its transaction. None when it gives none up, and
/// where none is open: who must abort (RFC 10002 §6.7) and did not get the answer says so again.
/// Faults: identity_mismatch for another requester's; not_allowed where regInfo names none at all;
/// unsupported_message where several are open; storage_failed.
Result<std::optional<store::ChallengeChange>> find_withdrawn_challenge(
    const GivingUp& giving_up, const store::ChallengeStore& store);

}  // namespace signet::proof
