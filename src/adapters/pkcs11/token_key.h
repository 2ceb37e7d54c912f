#pragma once

#include "adapters/pkcs11/connection.h"

namespace signet::pkcs11 {

/// A private key that stays in its token: only what it makes comes out.
/// Invariant: `info_` passes our checks and belongs to the private key.
class TokenKey final : public crypto::PrivateKey {
 public:
  /// Of a public half that was seen in the token. Faults: weak_key, unsupported_algorithm.
  static Result<std::unique_ptr<crypto::PrivateKey>> make(std::shared_ptr<Connection> connection,
                                                          pkix::SubjectPublicKeyInfo info);
  TokenKey(std::shared_ptr<Connection> connection, pkix::SubjectPublicKeyInfo info,
           const crypto::PublicKey& checked)
      : connection_(std::move(connection)),
        info_(std::move(info)),
        kind_(checked.kind()),
        bits_(checked.bits()) {}

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override { return info_; }
  [[nodiscard]] crypto::KeyKind kind() const override { return kind_; }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override;
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override;
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override;

 private:
  struct Opened {
    CK_RV answer;
    SecretBytes octets;
  };
  [[nodiscard]] std::optional<CK_OBJECT_HANDLE> object_in(Session& session) const;
  /// Faults: token_failed, while the token is away; bad_configuration (it refuses the PIN, which
  /// says nothing of what was to be opened); key_not_found (it is there, without this key).
  [[nodiscard]] Result<CK_RV> run(const Connection::Operation& operation) const;
  [[nodiscard]] Error broken(const char* step, CK_RV answer) const;
  [[nodiscard]] std::size_t modulus_octets() const;
  [[nodiscard]] Result<Opened> open(struct Mechanism mechanism, ByteView ciphertext) const;
  [[nodiscard]] Result<SecretBytes> decrypt_pkcs1(ByteView ciphertext) const;
  [[nodiscard]] Result<SecretBytes> wrong_padding_secret() const;

  std::shared_ptr<Connection> connection_;
  pkix::SubjectPublicKeyInfo info_;
  crypto::KeyKind kind_;
  int bits_;
  mutable std::mutex mutex_;
  mutable std::uint64_t login_ = 0;  ///< in which `object_` was found
  mutable CK_OBJECT_HANDLE object_ = 0;
  mutable std::optional<SecretBytes> wrong_padding_secret_;
};

/// The private key object with this public half. None when there is none, or a step failed.
std::optional<CK_OBJECT_HANDLE> find_private_key(Session& session,
                                                 const pkix::SubjectPublicKeyInfo& info);

}  // namespace signet::pkcs11
