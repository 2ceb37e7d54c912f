#pragma once

#include <optional>
#include <string>

#include "proof/possession/link.h"

// What is in one request of its link to a shared secret.
namespace signet::proof {

/// What a witness is to be made of. References outlive the check.
struct LinkKnowledge {
  const SecretBytes& secret;
  const std::string& identification;
  ByteView random;  ///< contents of popLinkRandom
  const LinkRules& rules;
  LinkKeys& keys;
  cmc::BodyPartID request;  ///< the one that the witness stands in
};

/// The witness or witnesses of a request, whole TLVs.
struct Witnesses {
  std::optional<ByteView> v2;
  std::optional<ByteView> v1;

  /// Faults: malformed.
  static Result<Witnesses> read(const cmc::TaggedRequest& request);
  [[nodiscard]] bool none() const { return !v2 && !v1; }
};

/// How the witnesses of a request were made, the weaker of two. What is tolerated of them is noted.
/// Faults: as check_link, where the message has popLinkRandom.
Result<LinkMethod> check_witnesses(const Witnesses& witnesses, const LinkKnowledge& knowledge);

Error link_failed(std::string why);
/// Of a request without one.
Error no_witness();
/// Of one that is not the expected one.
Error wrong_witness(const std::string& remedy, const SecretRules& rules);

}  // namespace signet::proof
