#include "proof/witness/pop_link.h"

namespace signet::proof {
Result<Bytes> pop_link_v2_witness(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                  const pkix::AlgorithmIdentifier& mac_algorithm,
                                  const SharedKnowledge& known, ByteView random) {
  LinkKeys keys;
  return pop_link_v2_witness(key_gen_algorithm, mac_algorithm, known, random, keys);
}

Result<Bytes> pop_link_v2_witness(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                  const pkix::AlgorithmIdentifier& mac_algorithm,
                                  const SharedKnowledge& known, ByteView random, LinkKeys& keys,
                                  MacComputation computation) {
  const auto mac = TRY(crypto::mac_algorithm(mac_algorithm));
  const auto key = TRY(keys.make(key_gen_algorithm, mac, known));
  return mac_computed(computation, mac, key.view(), random);
}

Result<cmc::PopLinkWitnessV2> make_pop_link_witness_v2(const SharedKnowledge& known,
                                                       ByteView random) {
  cmc::PopLinkWitnessV2 value;
  value.key_gen_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  value.mac_algorithm = crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha256);
  value.witness =
      TRY(pop_link_v2_witness(value.key_gen_algorithm, value.mac_algorithm, known, random));
  return value;
}

Bytes pop_link_v1_witness(const SharedKnowledge& known, ByteView random) {
  const auto key = known.hashed(crypto::DigestAlgorithm::sha1);
  return crypto::mac(crypto::MacAlgorithm::hmac_sha1, key.view(), random);
}

}  // namespace signet::proof
