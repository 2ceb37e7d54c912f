#pragma once

#include "authority/asker.h"

namespace signet::authority {

/// Whether something vouches for all of what a message says: a signature, a MAC, or the agent's
/// signature around it where the agent says who asks (raIdentityWitness). An identity proof covers
/// the requests alone: where it stands in a message that nobody signed (id-alg-noSignature,
/// RFC 10002 §C.1), whoever saw that may have put in all the rest.
bool is_covered(const Asker& asker);

/// For what ends something of the requester's: its certificate, the wait for its word, its
/// challenge. `part`: what says so. Faults: unknown_identity, where it is not covered.
Result<void> check_end_is_covered(const Asker& asker, cmc::BodyPartID part);

}  // namespace signet::authority
