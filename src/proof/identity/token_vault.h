#pragma once

#include "crypto/sealing_key.h"
#include "store/records.h"

namespace signet::proof {

/// Shared secrets at rest, sealed under the store's key: who reads the store learns none.
///
///   additional = 01 || of each of id, identification, subject: 4 octets of length || the octets
///
/// so that a sealed secret of one row opens in no other row, and not for another subject.
class TokenVault {
 public:
  explicit TokenVault(crypto::SealingKey key) : key_(std::move(key)) {}

  /// For `token.sealed_secret`. Faults: internal.
  Result<Bytes> seal(const store::SharedToken& token, const SecretBytes& secret,
                     RandomSource& random) const;
  /// Faults: decryption_failed, whatever is wrong: another key, another row, a changed octet.
  Result<SecretBytes> open(const store::SharedToken& token) const;

 private:
  crypto::SealingKey key_;
};

}  // namespace signet::proof
