#pragma once

#include "authority/enrollment.h"
#include "proof/possession/possession.h"

namespace signet::authority {

/// What a challenge to this message is bound to.
proof::ChallengeBinding challenge_binding(const Attempt& attempt);

/// encryptedPOP for each key that must open one (RFC 10002 §6.7), and what the answers are checked
/// by. Faults: those of check_may_wait; those of proof::make_encrypted_pop, naming the request;
/// internal.
Result<Granted> begin_challenge(const Attempt& attempt,
                                const std::vector<proof::ChallengeDue>& due);

/// The challenge that was the first answer to this very message, with the same proof values; for
/// keys of `vouched` requests there was none. Faults: those of the steps; none when the challenge
/// is gone.
Result<std::optional<Granted>> challenge_again(const Asker& asker, const cmc::BodyPartList& vouched,
                                               ByteView challenge_id);

}  // namespace signet::authority
