#include "proof/witness/pop_link.h"

#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"

namespace signet::proof {
namespace {

constexpr std::int64_t kMostIterations = 1'000'000;  // a third of a second

//= B20 RFC 10004 §5.1: the link's key may come from PBKDF2
Result<SecretBytes> derive(const pkix::AlgorithmIdentifier& algorithm, crypto::MacAlgorithm mac,
                           const SharedKnowledge& known) {
  if (!algorithm.parameters) return Error{Fault::malformed, "PBKDF2 without its parameters"};
  const auto parameters = TRY(cms::read_pbkdf2_parameters(*algorithm.parameters));
  TRY(cms::check_pbkdf2_cost(parameters, kMostIterations));
  const auto prf = TRY(crypto::mac_algorithm(parameters.prf));
  const auto octets = parameters.key_length ? static_cast<std::size_t>(*parameters.key_length)
                                            : crypto::mac_octets(mac);
  return crypto::pbkdf2(prf, known.joined().view(), parameters.salt,
                        static_cast<std::uint32_t>(parameters.iteration_count), octets);
}

Result<SecretBytes> link_key(const pkix::AlgorithmIdentifier& algorithm, crypto::MacAlgorithm mac,
                             const SharedKnowledge& known) {
  if (algorithm.algorithm == pkix::oid::kPbkdf2) return derive(algorithm, mac, known);
  return known.hashed(TRY(crypto::digest_algorithm(algorithm)));
}

}  // namespace

Result<Bytes> pop_link_v2_witness(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                  const pkix::AlgorithmIdentifier& mac_algorithm,
                                  const SharedKnowledge& known, ByteView random) {
  const auto mac = TRY(crypto::mac_algorithm(mac_algorithm));
  const auto key = TRY(link_key(key_gen_algorithm, mac, known));
  return crypto::mac(mac, key.view(), random);
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
