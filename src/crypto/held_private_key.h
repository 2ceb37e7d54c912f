#pragma once

#include "crypto/prepared_contexts.h"
#include "crypto/private_key.h"

namespace signet::crypto {

/// Of PBKDF2 over the passphrase of a key that is written, alone or in a PKCS#12 file: OWASP's
/// figure for HMAC-SHA256 (2023); about a quarter of a second.
constexpr int kPassphraseIterations = 600'000;

/// A private key held in this process's memory, by OpenSSL.
/// Invariant: `key_` has both halves, they belong together, and `info_` is the public one and
/// passes our checks.
class HeldPrivateKey final : public PrivateKey {
 public:
  /// For `make`: `checked` is `info`'s key, `info` the public half of `key`.
  HeldPrivateKey(openssl::Key key, pkix::SubjectPublicKeyInfo info, const PublicKey& checked)
      : key_(std::move(key)),
        info_(std::move(info)),
        kind_(checked.kind()),
        bits_(checked.bits()) {}
  /// Faults: weak_key, unsupported_algorithm, signing_failed.
  static Result<std::unique_ptr<PrivateKey>> make(openssl::Key key);
  /// OpenSSL's key, to be written or exported. Faults: unsupported_algorithm when it lives
  /// elsewhere (a device), so that it cannot leave.
  static Result<EVP_PKEY*> openssl_key(const PrivateKey& key);

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override { return info_; }
  [[nodiscard]] KeyKind kind() const override { return kind_; }
  [[nodiscard]] Result<Bytes> sign(const AlgorithmIdentifier& algorithm,
                                   ByteView message) const override;
  [[nodiscard]] Result<SecretBytes> decrypt(const AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override;
  [[nodiscard]] Result<SecretBytes> agree(const PublicKey& peer) const override;

 private:
  [[nodiscard]] Result<Bytes> sign_digest(const SignatureScheme& scheme, ByteView message) const;
  [[nodiscard]] Result<Bytes> sign_message(ByteView message) const;

  openssl::Key key_;
  pkix::SubjectPublicKeyInfo info_;
  KeyKind kind_;
  int bits_;
  mutable PreparedContexts signers_{key_.get(), PreparedContexts::Use::sign};
};

}  // namespace signet::crypto
