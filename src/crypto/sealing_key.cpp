#include "crypto/sealing_key.h"

#include "crypto/cipher.h"

namespace signet::crypto {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNonceOctets = 12;
constexpr std::size_t kTagOctets = 16;

}  // namespace

Result<SealingKey> SealingKey::with_octets(SecretBytes octets) {
  if (octets.size() != kOctets) {
    return Error{Fault::bad_configuration,
                 "the sealing key has " + std::to_string(octets.size()) +
                     " octets, not 32: restore it from a backup; what was sealed under it is lost "
                     "without it"};
  }
  return SealingKey(std::move(octets));
}

Result<Bytes> SealingKey::seal(ByteView additional, const SecretBytes& secret,
                               RandomSource& random) const {
  const auto nonce = TRY(random.octets(kNonceOctets));
  const auto made = TRY(aes_gcm_seal(octets_, nonce, additional, secret.view(), kTagOctets));
  Bytes sealed{kVersion};
  append(sealed, nonce);
  append(sealed, made.ciphertext);
  append(sealed, made.icv);
  return sealed;
}

Result<SecretBytes> SealingKey::open(ByteView additional, ByteView sealed) const {
  constexpr std::size_t kAround = 1 + kNonceOctets + kTagOctets;
  if (sealed.size() < kAround || sealed.front() != kVersion) {
    return Error{Fault::decryption_failed, "the sealed secret is none that this Signet wrote"};
  }
  const auto nonce = sealed.subspan(1, kNonceOctets);
  const auto ciphertext = sealed.subspan(1 + kNonceOctets, sealed.size() - kAround);
  return aes_gcm_open(octets_, nonce, additional, ciphertext, sealed.last(kTagOctets));
}

}  // namespace signet::crypto
