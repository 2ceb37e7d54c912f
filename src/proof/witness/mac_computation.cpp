#include "proof/witness/mac_computation.h"

#include "base/check.h"
#include "base/secret_bytes.h"

namespace signet::proof {
namespace {

constexpr std::size_t kOldBlockOctets = 64;

/// H(pad || message), `pad`: the key, filled up with zeros, each octet of it changed by `filler`.
Bytes padded_digest(crypto::DigestAlgorithm hash, ByteView key, std::uint8_t filler,
                    ByteView message) {
  Bytes input(kOldBlockOctets, filler);
  for (std::size_t i = 0; i < key.size(); ++i) input[i] ^= key[i];
  input.insert(input.end(), message.begin(), message.end());
  const SecretBytes secret(std::move(input));
  return crypto::digest(hash, secret.view());
}

}  // namespace

bool computations_differ(crypto::MacAlgorithm algorithm) {
  return algorithm == crypto::MacAlgorithm::hmac_sha384 ||
         algorithm == crypto::MacAlgorithm::hmac_sha512;
}

Bytes mac_computed(MacComputation computation, crypto::MacAlgorithm algorithm, ByteView key,
                   ByteView message) {
  if (computation == MacComputation::rfc2104 || !computations_differ(algorithm)) {
    return crypto::mac(algorithm, key, message);
  }
  CHECK(key.size() <= kOldBlockOctets);
  const auto hash = algorithm == crypto::MacAlgorithm::hmac_sha384
                        ? crypto::DigestAlgorithm::sha384
                        : crypto::DigestAlgorithm::sha512;
  constexpr std::uint8_t kInner = 0x36;  // RFC 2104 §2: ipad and opad
  constexpr std::uint8_t kOuter = 0x5C;
  const auto inner = padded_digest(hash, key, kInner, message);
  return padded_digest(hash, key, kOuter, inner);
}

}  // namespace signet::proof
