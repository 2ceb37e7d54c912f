#include "proof/identity/token_vault.h"

#include "crypto/cipher.h"

namespace signet::proof {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNonceOctets = 12;
constexpr std::size_t kTagOctets = 16;

void append_with_length(Bytes& octets, ByteView part) {
  for (const int shift : {24, 16, 8, 0}) {
    octets.push_back(static_cast<std::uint8_t>(part.size() >> shift));
  }
  append(octets, part);
}

Bytes additional_data(const store::SharedToken& token) {
  Bytes octets{kVersion};
  append_with_length(octets, token.id);
  append_with_length(octets, to_bytes(token.identification));
  append_with_length(octets, to_bytes(token.subject));
  return octets;
}

}  // namespace

Result<TokenVault> TokenVault::with_key(SecretBytes key) {
  if (key.size() != kKeyOctets) {
    return Error{Fault::bad_configuration,
                 "the token key has " + std::to_string(key.size()) +
                     " octets, not 32: restore it from a backup; secrets sealed under it are lost "
                     "without it"};
  }
  return TokenVault(std::move(key));
}

Result<Bytes> TokenVault::seal(const store::SharedToken& token, const SecretBytes& secret,
                               RandomSource& random) const {
  const auto nonce = TRY(random.octets(kNonceOctets));
  const auto made =
      TRY(crypto::aes_gcm_seal(key_, nonce, additional_data(token), secret.view(), kTagOctets));
  Bytes sealed{kVersion};
  append(sealed, nonce);
  append(sealed, made.ciphertext);
  append(sealed, made.icv);
  return sealed;
}

Result<SecretBytes> TokenVault::open(const store::SharedToken& token) const {
  const ByteView sealed = token.sealed_secret;
  if (sealed.size() < 1 + kNonceOctets + kTagOctets || sealed.front() != kVersion) {
    return Error{Fault::decryption_failed, "the sealed secret is none that this Signet wrote"};
  }
  const auto nonce = sealed.subspan(1, kNonceOctets);
  const auto ciphertext =
      sealed.subspan(1 + kNonceOctets, sealed.size() - 1 - kNonceOctets - kTagOctets);
  return crypto::aes_gcm_open(key_, nonce, additional_data(token), ciphertext,
                              sealed.last(kTagOctets));
}

}  // namespace signet::proof
