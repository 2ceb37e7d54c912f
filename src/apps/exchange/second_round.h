#pragma once

#include "apps/exchange/outgoing.h"
#include "client/answer_challenge.h"

namespace signet::tool {

/// What follows an answer that challenges our key (RFC 10002 §6.7).
struct SecondRound {
  Outgoing outgoing;
  /// Why the challenge is not ours: the message gives the transaction up, and brings nothing.
  std::optional<Error> given_up;
};

/// Opens the challenges of `checked` with `key` and builds the message that answers them.
/// Faults: as client::answer_challenge, but for possession_failed; as client::make_full_request.
Result<SecondRound> answer_challenges(const client::CheckedResponse& checked,
                                      const client::SentRequest& sent,
                                      const crypto::PrivateKey& key, const Requester& requester,
                                      RandomSource& random);

}  // namespace signet::tool
