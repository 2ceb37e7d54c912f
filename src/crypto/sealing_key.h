#pragma once

#include "crypto/digest.h"

namespace signet::crypto {

/// A key under which secrets lie in a store: who reads the store learns none.
///
///   sealed = 01 || nonce (12 octets) || ciphertext || tag (16 octets)        AES-256-GCM
///
/// What names the place of a secret (its row, its owner) goes into `additional`, so that a sealed
/// secret opens nowhere else.
class SealingKey {
 public:
  static constexpr std::size_t kOctets = 32;
  /// Faults: bad_configuration when it has another length.
  static Result<SealingKey> with_octets(SecretBytes octets);

  /// Faults: internal.
  Result<Bytes> seal(ByteView additional, const SecretBytes& secret, RandomSource& random) const;
  /// Faults: decryption_failed, whatever is wrong: another key, another place, a changed octet.
  Result<SecretBytes> open(ByteView additional, ByteView sealed) const;

 private:
  explicit SealingKey(SecretBytes octets) : octets_(std::move(octets)) {}
  SecretBytes octets_;
};

}  // namespace signet::crypto
