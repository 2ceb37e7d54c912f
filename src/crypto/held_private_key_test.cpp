#include "support/private_key_contract.h"

namespace signet::test {
namespace {

struct HeldKeys {
  static std::unique_ptr<crypto::PrivateKey> make(std::string_view kind) {
    return unwrap(crypto::generate_private_key(kind));
  }
  static std::vector<std::string> kinds() {
    return {"rsa:2048", "rsa:3072", "ec:p256", "ec:p384", "ec:p521", "ed25519", "ed448"};
  }
  static crypto::DigestAlgorithm oaep_hash() { return crypto::DigestAlgorithm::sha256; }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Held, PrivateKeyContract, HeldKeys);

}  // namespace
}  // namespace signet::test
