#include "support/private_key_contract.h"
#include "support/token_scene.h"

namespace signet::test {
namespace {

struct SoftHsmKeys {
  std::unique_ptr<crypto::PrivateKey> make(std::string_view kind) {
    return unwrap(token->generate_key(kind, "key " + std::to_string(++count)));
  }
  static std::vector<std::string> kinds() {
    return {"rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521", "ed25519"};
  }
  static crypto::DigestAlgorithm oaep_hash() { return crypto::DigestAlgorithm::sha1; }

  SoftHsm hsm;
  std::shared_ptr<pkcs11::Token> token = SoftHsm::open();
  int count = 0;
};

struct NssKeys {
  std::unique_ptr<crypto::PrivateKey> make(std::string_view kind) {
    return unwrap(token->generate_key(kind, "key " + std::to_string(++count)));
  }
  static std::vector<std::string> kinds() {
    return {"rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521"};
  }
  static crypto::DigestAlgorithm oaep_hash() { return crypto::DigestAlgorithm::sha256; }

  NssDatabase database;
  std::shared_ptr<pkcs11::Token> token = database.open();
  int count = 0;
};

INSTANTIATE_TYPED_TEST_SUITE_P(SoftHsm, PrivateKeyContract, SoftHsmKeys);
INSTANTIATE_TYPED_TEST_SUITE_P(Nss, PrivateKeyContract, NssKeys);

}  // namespace
}  // namespace signet::test
