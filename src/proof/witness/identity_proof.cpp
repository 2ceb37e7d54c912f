#include "proof/witness/identity_proof.h"

namespace signet::proof {

//= E72 RFC 10002 §6.2.1: the MAC is over reqSequence with its tag and length
Bytes identity_proof_v2_witness(const IdentityProofAlgorithms& algorithms,
                                const SharedKnowledge& known, ByteView req_sequence,
                                MacComputation computation) {
  const auto key = known.hashed(algorithms.hash);
  return mac_computed(computation, algorithms.mac, key.view(), req_sequence);
}

cmc::IdentityProofV2 make_identity_proof_v2(const IdentityProofAlgorithms& algorithms,
                                            const SharedKnowledge& known, ByteView req_sequence) {
  return {.proof_alg_id = crypto::algorithm_identifier(algorithms.hash),
          .mac_alg_id = crypto::algorithm_identifier(algorithms.mac),
          .witness = identity_proof_v2_witness(algorithms, known, req_sequence)};
}

//= E75 RFC 10002 §6.2.2: version 1 is SHA-1 and HMAC-SHA1
Bytes identity_proof_v1_witness(const SharedKnowledge& known, ByteView req_sequence) {
  return identity_proof_v2_witness(
      {.hash = crypto::DigestAlgorithm::sha1, .mac = crypto::MacAlgorithm::hmac_sha1}, known,
      req_sequence);
}

}  // namespace signet::proof
