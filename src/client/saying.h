#pragma once

#include "client/read_response.h"

namespace signet::client {

/// What one PKIResponse says of our message.
struct Saying {
  std::vector<Verdict> verdicts;
  std::vector<cmc::EncryptedPOP> challenges;
  Bytes request_id;    ///< responseInfo
  Bytes sender_nonce;  ///< the server's
  /// Nothing but refusals.
  [[nodiscard]] bool grants_nothing() const;
};
/// Faults: duplicate_body_part, misplaced_control (raIdentityWitness), malformed.
Result<Saying> read_saying(const cmc::PKIResponse& response);

/// Adds what a response says that stands in the one before, and whose further exchange it is.
void add_saying(Saying& saying, Saying inside);

}  // namespace signet::client
