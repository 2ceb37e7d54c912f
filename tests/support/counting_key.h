#pragma once

#include <atomic>
#include <memory>

#include "crypto/private_key.h"

namespace signet::test {

/// A key that counts its signatures.
class CountingKey final : public crypto::PrivateKey {
 public:
  explicit CountingKey(std::shared_ptr<const crypto::PrivateKey> key) : key_(std::move(key)) {}

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return key_->public_key_info();
  }
  [[nodiscard]] crypto::KeyKind kind() const override { return key_->kind(); }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override {
    ++signatures_;
    return key_->sign(algorithm, message);
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override {
    return key_->decrypt(algorithm, ciphertext);
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return key_->agree(peer);
  }
  [[nodiscard]] std::size_t signatures() const { return signatures_; }

 private:
  std::shared_ptr<const crypto::PrivateKey> key_;
  mutable std::atomic<std::size_t> signatures_ = 0;
};

}  // namespace signet::test
