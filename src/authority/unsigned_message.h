#pragma once

#include <vector>

#include "authority/asker.h"
#include "policy/approve.h"

namespace signet::authority {

/// Whether something vouches for all of what a message says: a signature, a MAC, or the agent's
/// signature around it where the agent says who asks (raIdentityWitness). An identity proof covers
/// the requests alone: where it stands in a message that nobody signed (id-alg-noSignature,
/// RFC 10002 §C.1), whoever saw that may have put in all the rest.
bool is_covered(const Asker& asker);

/// For what ends something of the requester's: its certificate, the wait for its word, its
/// challenge. `part`: what says so. Faults: unknown_identity, where it is not covered.
Result<void> check_end_is_covered(const Asker& asker, cmc::BodyPartID part);

/// Whoever saw a message can take its signature off and send its requests again, with the identity
/// proof that covers them: so what is not covered is granted for keys that have no certificate yet
/// alone, and none is made twice of one use. What must still be so at the commit; nothing where it
/// is covered. Not asked where the keys have just opened a challenge, which nobody can repeat.
/// Faults: key_reuse, naming the request; storage_failed.
Result<std::vector<store::KeyCondition>> check_keys_are_new(
    const Asker& asker, const std::vector<policy::ApprovedCertificate>& approved);

}  // namespace signet::authority
