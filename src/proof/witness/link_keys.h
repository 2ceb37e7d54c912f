#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "codec/cms/cms.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::proof {

/// Of what a key is made: of the secret alone, or of it and the identification (AMB-2).
enum class LinkKeyOf { secret, secret_with_identification };

/// The keys of the popLinkWitnessV2s of one message, all made with one secret and identification:
/// keyGenAlgorithm(secret), a digest or PBKDF2. A derived key is made once, however many requests
/// name it, and all of them have one budget, since there may be a thousand requests.
class LinkKeys {
 public:
  /// What all keys of a message may cost (crypto::pbkdf2_cost): a fifth of a second with SHA-256,
  /// two fifths with SHA-512.
  static constexpr std::uint64_t kBudget = 800'000;
  /// A shorter key is guessed without the secret, and one of few octets tells of many secrets at
  /// once whether they are the right one; RFC 8018 §4.2: a thousand iterations at least.
  static constexpr std::size_t kLeastKeyOctets = 16;
  static constexpr std::int64_t kLeastIterations = 1000;

  /// Whether the budget holds for this key too; derives nothing. A key that was charged costs
  /// nothing more. Faults: unsupported_algorithm; malformed (PBKDF2's parameters); too_large;
  /// weak_key (fewer octets or iterations than the least).
  Result<void> charge(const pkix::AlgorithmIdentifier& key_gen_algorithm, crypto::MacAlgorithm mac,
                      LinkKeyOf of);
  /// Whether a key that was charged is to be derived from a password.
  [[nodiscard]] bool take_time() const { return spent_ > 0; }
  /// The key, charged where it was not. Faults: as charge.
  Result<SecretBytes> make(const pkix::AlgorithmIdentifier& key_gen_algorithm,
                           crypto::MacAlgorithm mac, const SharedKnowledge& known);

 private:
  struct Derived {
    cms::Pbkdf2Parameters parameters;
    std::size_t octets = 0;
    LinkKeyOf of = LinkKeyOf::secret;
    std::optional<SecretBytes> key = {};
  };
  Result<Derived*> find_or_charge(const pkix::AlgorithmIdentifier& algorithm,
                                  crypto::MacAlgorithm mac, LinkKeyOf of);

  std::vector<Derived> derived_;
  std::uint64_t spent_ = 0;
};

}  // namespace signet::proof
