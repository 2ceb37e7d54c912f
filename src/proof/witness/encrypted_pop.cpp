#include "proof/witness/encrypted_pop.h"

#include <algorithm>

namespace signet::proof {
namespace {

constexpr std::size_t kMostKeyOctets = 64;

}  // namespace

//= B22 RFC 10004 §5.1: the witness is a SHA-256, or what is stronger
Bytes pop_proof_value_witness(crypto::DigestAlgorithm algorithm, const SecretBytes& proof_value) {
  return crypto::digest(algorithm, proof_value.view());
}

//= B23 RFC 10004 §5.1: thePOP is an HMAC-SHA256, or what is stronger
//= E113 RFC 10002 §6.7: the first 64 octets of a longer proof value are the key
Bytes the_pop(crypto::MacAlgorithm algorithm, const SecretBytes& proof_value,
              ByteView tagged_request) {
  const auto key = proof_value.view();
  return crypto::mac(algorithm, key.first(std::min(key.size(), kMostKeyOctets)), tagged_request);
}

}  // namespace signet::proof
