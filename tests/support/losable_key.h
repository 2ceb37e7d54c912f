#pragma once

#include <atomic>
#include <memory>

#include "crypto/private_key.h"

namespace signet::test {

/// A key in a token that can be taken away, and put back.
class LosableKey final : public crypto::PrivateKey {
 public:
  explicit LosableKey(std::shared_ptr<const crypto::PrivateKey> key) : key_(std::move(key)) {}

  std::atomic<bool> lost{false};
  /// What is told of a signature while it is lost: that it is away, or broken for good.
  std::atomic<Fault> fault{Fault::token_failed};

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return key_->public_key_info();
  }
  [[nodiscard]] crypto::KeyKind kind() const override { return key_->kind(); }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override {
    if (lost) return Error{fault, "token \"ca\" is away"};
    return key_->sign(algorithm, message);
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override {
    if (lost) return Error{Fault::token_failed, "token \"ca\" is away"};
    return key_->decrypt(algorithm, ciphertext);
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    if (lost) return Error{Fault::token_failed, "token \"ca\" is away"};
    return key_->agree(peer);
  }

 private:
  std::shared_ptr<const crypto::PrivateKey> key_;
};

}  // namespace signet::test
