#include "proof/witness/shared_knowledge.h"

namespace signet::proof {

namespace {

SecretBytes join(ByteView first, ByteView second) {
  Bytes octets;
  octets.reserve(first.size() + second.size());  // growing would leave copies of the secret behind
  append(octets, first);
  append(octets, second);
  return SecretBytes{std::move(octets)};
}

}  // namespace

//= E76 RFC 10002 §6.2.3: the identification, when there is one, stands behind the secret
SecretBytes SharedKnowledge::joined() const {
  return join(secret.view(), as_bytes(identification.value_or(std::string_view{})));
}

//= E16 RFC 10002 §3.2: and here before it
SecretBytes SharedKnowledge::password() const {
  return join(as_bytes(identification.value_or(std::string_view{})), secret.view());
}

SecretBytes SharedKnowledge::hashed(crypto::DigestAlgorithm algorithm) const {
  return SecretBytes{crypto::digest(algorithm, joined().view())};
}

}  // namespace signet::proof
