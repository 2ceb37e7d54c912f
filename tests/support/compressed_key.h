#pragma once

#include "support/test_ca.h"

namespace signet::test {

/// A P-256 key that writes its public half as a compressed point, as nobody needs to.
class CompressedKey final : public crypto::PrivateKey {
 public:
  explicit CompressedKey(Key key) : key_(std::move(key)), info_(compressed(*key_)) {}

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override { return info_; }
  [[nodiscard]] crypto::KeyKind kind() const override { return key_->kind(); }
  [[nodiscard]] Result<Bytes> sign(const crypto::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override {
    return key_->sign(algorithm, message);
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const crypto::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override {
    return key_->decrypt(algorithm, ciphertext);
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return key_->agree(peer);
  }

 private:
  /// 02 or 03, by whether y is odd, and x.
  static pkix::SubjectPublicKeyInfo compressed(const crypto::PrivateKey& key) {
    auto info = key.public_key_info();
    auto& point = info.subject_public_key.octets;
    point.front() = static_cast<std::uint8_t>(2 + point.back() % 2);
    point.resize(1 + (point.size() - 1) / 2);
    asn1::Writer writer;
    writer.sequence([&] {
      pkix::write_algorithm_identifier(writer, info.algorithm);
      writer.bit_string(info.subject_public_key);
    });
    info.der = std::move(writer).take();
    return info;
  }

  Key key_;
  pkix::SubjectPublicKeyInfo info_;
};

inline Key compressed_key(Key key) {
  return std::make_shared<const CompressedKey>(std::move(key));
}

}  // namespace signet::test
