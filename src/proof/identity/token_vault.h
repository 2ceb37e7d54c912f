#pragma once

#include "base/random_source.h"
#include "base/secret_bytes.h"
#include "store/records.h"

namespace signet::proof {

/// Shared secrets at rest, sealed under the authority's token key: who reads the store learns none.
///
///   sealed     = 01 || nonce (12 octets) || ciphertext || tag (16 octets)        AES-256-GCM
///   additional = 01 || of each of id, identification, subject: 4 octets of length || the octets
///
/// so that a sealed secret of one row opens in no other row, and not for another subject.
class TokenVault {
 public:
  static constexpr std::size_t kKeyOctets = 32;
  /// Faults: bad_configuration when the key has another length.
  static Result<TokenVault> with_key(SecretBytes key);

  /// For `token.sealed_secret`. Faults: internal.
  Result<Bytes> seal(const store::SharedToken& token, const SecretBytes& secret,
                     RandomSource& random) const;
  /// Faults: decryption_failed, whatever is wrong: another key, another row, a changed octet.
  Result<SecretBytes> open(const store::SharedToken& token) const;

 private:
  explicit TokenVault(SecretBytes key) : key_(std::move(key)) {}
  SecretBytes key_;
};

}  // namespace signet::proof
