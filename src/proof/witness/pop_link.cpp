#include "proof/witness/pop_link.h"

#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"

namespace signet::proof {
namespace {

constexpr std::int64_t kMostIterations = 1'000'000;  // a third of a second
constexpr std::size_t kMostSaltOctets = 1024;
constexpr std::int64_t kMostKeyOctets = 128;  // a block of SHA-512: more is hashed by HMAC anyway

Result<void> check_bounds(const cms::Pbkdf2Parameters& parameters) {
  if (parameters.iteration_count < 1) {
    return Error{Fault::malformed, "PBKDF2 with no iterations: the key would be the bare secret"};
  }
  if (parameters.iteration_count > kMostIterations) {
    return Error{Fault::too_large, "PBKDF2 with " + std::to_string(parameters.iteration_count) +
                                       " iterations; at most " + std::to_string(kMostIterations) +
                                       " are done for a request"};
  }
  const auto key_length = parameters.key_length.value_or(1);
  if (key_length < 1 || key_length > kMostKeyOctets || parameters.salt.size() > kMostSaltOctets) {
    return Error{Fault::too_large,
                 "PBKDF2 with a key of more than 128 octets or a salt of more than 1024"};
  }
  return {};
}

//= B20 RFC 10004 §5.1: the link's key may come from PBKDF2
Result<SecretBytes> derive(const pkix::AlgorithmIdentifier& algorithm, crypto::MacAlgorithm mac,
                           const SharedKnowledge& known) {
  if (!algorithm.parameters) return Error{Fault::malformed, "PBKDF2 without its parameters"};
  const auto parameters = TRY(cms::read_pbkdf2_parameters(*algorithm.parameters));
  TRY(check_bounds(parameters));
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
