#pragma once

#include "apps/dogtag/request_settings.h"
#include "client/compose_message.h"

namespace signet::dogtag {

/// Who signs a message: a certificate of the database, or the key of the request itself.
class MessageKey {
 public:
  /// As `nickname` and `request.useSharedSecret` say. Faults: as KeyDatabase's.
  static Result<MessageKey> find(const RequestSettings& settings, KeyDatabase& database);

  [[nodiscard]] Result<Bytes> sign(const client::ComposedMessage& message) const;
  /// Null when the request's own key signs.
  [[nodiscard]] const pkix::Certificate* certificate() const;

 private:
  std::optional<tool::Signer> signer_;
  std::unique_ptr<crypto::PrivateKey> request_key_;
};

/// The secrets of a proof of identity, as long as the proof refers to them.
class IdentityProof {
 public:
  explicit IdentityProof(const RequestSettings& settings);
  /// None where none is asked for. Lives as long as this.
  [[nodiscard]] std::optional<client::WantedIdentityProof> wanted() const;

 private:
  const RequestSettings& settings_;
  SecretBytes secret_;
};

/// The private key that request.privKeyId names. Faults: key_not_found; bad_configuration.
Result<std::unique_ptr<crypto::PrivateKey>> find_request_key(const RequestSettings& settings,
                                                             KeyDatabase& database);

}  // namespace signet::dogtag
