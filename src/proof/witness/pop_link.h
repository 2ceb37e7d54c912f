#pragma once

#include "codec/cmc/controls.h"
#include "proof/witness/link_keys.h"
#include "proof/witness/mac_computation.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::proof {

/// popLinkWitnessV2 (RFC 10002 §6.3.1.1): MAC(macAlgorithm, keyGenAlgorithm(secret), R).
///
/// keyGenAlgorithm: a digest, or PBKDF2 within LinkKeys::kBudget. The RFC's key is of the secret
/// alone: leave `known.identification` out. Dogtag joins secret and identification (AMB-2).
/// `random`: contents of popLinkRandom.
/// Faults: unsupported_algorithm; malformed (PBKDF2 parameters); too_large (iterations, salt, key);
/// weak_key (LinkKeys).
Result<Bytes> pop_link_v2_witness(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                  const pkix::AlgorithmIdentifier& mac_algorithm,
                                  const SharedKnowledge& known, ByteView random);
/// The same for one of many requests of a message, whose keys are among `keys`.
Result<Bytes> pop_link_v2_witness(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                  const pkix::AlgorithmIdentifier& mac_algorithm,
                                  const SharedKnowledge& known, ByteView random, LinkKeys& keys,
                                  MacComputation computation = MacComputation::rfc2104);
/// The attribute's value, with SHA-256 and HMAC-SHA256.
Result<cmc::PopLinkWitnessV2> make_pop_link_witness_v2(const SharedKnowledge& known,
                                                       ByteView random);

/// popLinkWitness (version 1): SHA-1 and HMAC-SHA1, always.
Bytes pop_link_v1_witness(const SharedKnowledge& known, ByteView random);

}  // namespace signet::proof
