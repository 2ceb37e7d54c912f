#pragma once

#include "codec/pkix/certificate.h"
#include "crypto/public_key.h"

namespace signet::takeover {

/// How it was found that a certificate is the authority's.
enum class Vouched {
  by_signature,
  by_name  ///< and authorityKeyIdentifier, if any: its signature is by an algorithm of old
};

/// The authority whose certificates are taken over.
class IssuingAuthority {
 public:
  /// Faults: as crypto::PublicKey::from.
  static Result<IssuingAuthority> of(const pkix::Certificate& certificate);

  /// Whether it is named as the issuer.
  [[nodiscard]] bool is_named_by(const pkix::Certificate& certificate) const;
  /// Faults: untrusted_signer (another's certificate), bad_signature. Signatures by SHA-1 or MD5
  /// are not verified: nobody else accepts them either, but their status must go on being told.
  [[nodiscard]] Result<Vouched> vouch_for(const pkix::Certificate& certificate) const;

 private:
  IssuingAuthority(pkix::Name name, std::optional<Bytes> key_identifier, crypto::PublicKey key)
      : name_(std::move(name)), key_identifier_(std::move(key_identifier)), key_(std::move(key)) {}
  [[nodiscard]] bool may_have_signed(const pkix::Certificate& certificate) const;

  pkix::Name name_;
  std::optional<Bytes> key_identifier_;
  crypto::PublicKey key_;
};

}  // namespace signet::takeover
