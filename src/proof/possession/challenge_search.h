#pragma once

#include "proof/possession/challenge.h"

namespace signet::proof {

/// What regInfo names a challenge by: the request id of responseInfo. None where regInfo holds
/// something else, which is not ours to read (RFC 10002 §6.12).
std::optional<Bytes> request_id_in(const cmc::PkiRequest& message);
/// The id of the challenge in whose answer the message's recipientNonce went out, if in any's.
std::optional<Bytes> id_in_nonce(const cmc::PkiRequest& message);
/// A senderNonce for the answer that brings this challenge: id_in_nonce finds the id in it again.
/// Faults: internal.
Result<Bytes> nonce_with_id(const store::PendingChallenge& challenge, RandomSource& random);

/// Of an answer, or of a message that gives a challenge up.
Error challenge_of_another();

/// The challenge that a message with decryptedPOP answers: the one that regInfo names; else, as the
/// standard has none of that, the one that its nonces lead to, or the one that is open in its
/// transaction. By the same requester, with the same requests, under the same profile, in the same
/// transaction; whatever became of it.
/// Faults: possession_failed (none, or several); identity_mismatch for another requester's;
/// storage_failed.
Result<store::PendingChallenge> find_challenge_answered(const cmc::PkiRequest& message,
                                                        const ChallengeBinding& binding,
                                                        const store::ChallengeStore& store);

/// So many of one transaction are looked at.
inline constexpr std::size_t kMostOpenChallenges = 64;

}  // namespace signet::proof
