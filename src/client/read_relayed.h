#pragma once

#include "client/build_relay.h"
#include "client/read_response.h"

namespace signet::client {

/// What became of a client's message.
enum class RelayedOutcome {
  granted,     ///< or done; it may have to be confirmed yet
  pending,     ///< somebody decides, or the authority answers later
  must_prove,  ///< a key that only decrypts was sent a challenge (§6.7)
  refused,
  unreadable,  ///< encrypted for whoever asked, or nothing that is known here
};

/// The authority's answer to one client's message.
struct RelayedAnswer {
  /// The ContentInfo as it came, to be handed on; none: the answer to the RA alone tells.
  std::optional<Bytes> octets;
  RelayedOutcome outcome = RelayedOutcome::unreadable;
  /// What it says; where there is none, what the answer to the RA says of the message.
  std::vector<Verdict> verdicts = {};

  /// There is none yet: the authority gives it in a later answer to the RA (partial).
  [[nodiscard]] bool comes_later() const;
};

/// The answer to an RA, checked.
struct RelayedResponse {
  std::vector<Verdict> verdicts;       ///< of the batch
  std::vector<RelayedAnswer> answers;  ///< for each message of SentRelay, in its order
  /// What asks for the answers that come later (RFC 10002 §6.17); none where all are there, or
  /// nothing was given to ask by.
  std::optional<cmc::PendInfo> rest = {};
  Bytes sender_nonce = {};  ///< the authority's, for what asks

  /// Whether any message has an answer of its own.
  [[nodiscard]] bool has_answers() const;
};

/// Checks the answer to make_relay's message as read_response does, and finds in it what answers
/// each client's message (RFC 10002 §6.17): by the body part id that the message had in the
/// request; where batchResponses lists others, and as many as were sent, by their order. The
/// answers are the authority's own to the clients and are for these to verify; what they say of
/// themselves is read for the RA, who has it under the authority's signature around them. The
/// answer to what asks for the rest of a batch (poll_controls) is read by the same: `relay` is then
/// that message, with the items that have no answer yet (asks_for_rest). Faults:
/// as read_response; malformed when answers cannot be told apart, or a message has neither an
/// answer nor a status; replayed when one bears the nonce of another message than its own.
Result<RelayedResponse> read_relayed(ByteView octets, const SentRelay& relay,
                                     const proof::Trust& trust, Time now);

}  // namespace signet::client
