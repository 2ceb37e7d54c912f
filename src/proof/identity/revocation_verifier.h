#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/random_source.h"
#include "crypto/private_key.h"
#include "proof/identity/wrapped_secret.h"

namespace signet::proof {

/// What is kept of a secret by which a certificate may be revoked (RFC 10002 §6.11). Never the
/// secret. Text of one of two forms:
///
///   $pbkdf2-sha256$i=10000$<salt>$<hash>   a salted hash; both base64, 16 and 32 octets
///   revShrTok:<base64>                     wrapped (wrapped_secret.h), as Dogtag's certificate
///                                          records hold it in metaInfo

/// A salted hash. Faults: internal.
Result<std::string> make_revocation_verifier(const SecretBytes& secret, RandomSource& random);

/// As costly as a salted hash that is made here, and no secret's: what is compared with where none
/// is kept, so that the time does not tell.
std::string_view nobodys_verifier();

/// Whether a salted hash that somebody else made will do: 16 to 64 octets of salt, 1,000 to 20,000
/// iterations. Faults: malformed.
Result<void> check_salted_hash(std::string_view verifier);

/// What opens wrapped secrets: the private key of the issuance protection certificate.
struct SecretProtection {
  std::shared_ptr<const crypto::PrivateKey> key;  ///< null: none is opened
  SecretTransport transport = SecretTransport::pkcs1;
};

/// Whether this is the secret; a salted hash on record may have 100,000 iterations. The time
/// depends on the verifier, not on the secret. Faults: malformed (no verifier), decryption_failed,
/// bad_configuration (wrapped, and no key).
Result<bool> agrees(std::string_view verifier, ByteView secret, const SecretProtection& protection);

}  // namespace signet::proof
