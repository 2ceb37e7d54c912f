#include "proof/witness/link_keys.h"

#include <algorithm>
#include <string>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"

namespace signet::proof {
namespace {

bool is_derived(const pkix::AlgorithmIdentifier& algorithm) {
  return algorithm.algorithm == pkix::oid::kPbkdf2;
}

/// Who proves chooses the parameters, and who guesses would choose weak ones.
Result<void> check_strength(const cms::Pbkdf2Parameters& parameters, std::size_t octets) {
  if (parameters.iteration_count >= LinkKeys::kLeastIterations &&
      octets >= LinkKeys::kLeastKeyOctets) {
    return {};
  }
  return Error{Fault::weak_key,
               "PBKDF2 with a key of " + std::to_string(octets) + " octets by " +
                   std::to_string(parameters.iteration_count) +
                   " iterations as keyGenAlgorithm of popLinkWitnessV2: it takes at least " +
                   std::to_string(LinkKeys::kLeastKeyOctets) +
                   " octets (leave keyLength out) and " +
                   std::to_string(LinkKeys::kLeastIterations) + " iterations"};
}

Error over_budget() {
  return {Fault::too_large, "the PBKDF2 keys of the popLinkWitnessV2s of one message may cost " +
                                std::to_string(LinkKeys::kBudget) +
                                " iterations in all, each block of a key counted: use fewer, the "
                                "same parameters in every request, or SHA-256 as keyGenAlgorithm"};
}

}  // namespace

Result<LinkKeys::Derived*> LinkKeys::find_or_charge(const pkix::AlgorithmIdentifier& algorithm,
                                                    crypto::MacAlgorithm mac, LinkKeyOf of) {
  if (!algorithm.parameters) return Error{Fault::malformed, "PBKDF2 without its parameters"};
  auto parameters = TRY(cms::read_pbkdf2_parameters(*algorithm.parameters));
  TRY(cms::check_pbkdf2_cost(parameters, static_cast<std::int64_t>(kBudget)));
  const auto prf = TRY(crypto::mac_algorithm(parameters.prf));
  const auto octets = parameters.key_length ? static_cast<std::size_t>(*parameters.key_length)
                                            : crypto::mac_octets(mac);
  TRY(check_strength(parameters, octets));
  const auto found = std::find_if(derived_.begin(), derived_.end(), [&](const Derived& each) {
    return each.of == of && each.octets == octets && each.parameters == parameters;
  });
  if (found != derived_.end()) return &*found;
  const auto iterations = static_cast<std::uint32_t>(parameters.iteration_count);
  const auto cost = crypto::pbkdf2_cost(prf, iterations, octets);
  if (cost > kBudget - spent_) return over_budget();
  spent_ += cost;
  derived_.push_back({.parameters = std::move(parameters), .octets = octets, .of = of});
  return &derived_.back();
}

Result<void> LinkKeys::charge(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                              crypto::MacAlgorithm mac, LinkKeyOf of) {
  if (is_derived(key_gen_algorithm)) TRY(find_or_charge(key_gen_algorithm, mac, of));
  return {};
}

//= B20 RFC 10004 §5.1: the link's key may come from PBKDF2
Result<SecretBytes> LinkKeys::make(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                                   crypto::MacAlgorithm mac, const SharedKnowledge& known) {
  if (!is_derived(key_gen_algorithm)) {
    return known.hashed(TRY(crypto::digest_algorithm(key_gen_algorithm)));
  }
  auto* derived = TRY(find_or_charge(
      key_gen_algorithm, mac,
      known.identification ? LinkKeyOf::secret_with_identification : LinkKeyOf::secret));
  if (!derived->key) {
    const auto& parameters = derived->parameters;
    derived->key = crypto::pbkdf2(
        TRY(crypto::mac_algorithm(parameters.prf)), known.joined().view(), parameters.salt,
        static_cast<std::uint32_t>(parameters.iteration_count), derived->octets);
  }
  return derived->key->copy();
}

}  // namespace signet::proof
