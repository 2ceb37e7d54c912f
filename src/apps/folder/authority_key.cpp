#include "apps/folder/authority_key.h"

#include <algorithm>

namespace signet::tool {
namespace {

/// To protect a key by nothing at all is not what naming a file asks for.
Result<SecretBytes> passphrase_for(const WantedKey& wanted) {
  auto passphrase = TRY(read_passphrase(wanted.passphrase_file));
  if (!passphrase.empty() || wanted.passphrase_file.empty()) return passphrase;
  return Error{Fault::bad_configuration,
               wanted.passphrase_file + ": its first line, the passphrase, is empty"};
}

/// As many as we make: 2048, 3072 or 4096.
int rsa_bits_like(int bits) {
  constexpr int kLeast = 2048;
  constexpr int kStep = 1024;
  constexpr int kMost = 4096;
  return std::clamp((bits + kStep - 1) / kStep * kStep, kLeast, kMost);
}

}  // namespace

Result<void> check_key(const WantedKey& wanted) {
  TRY(passphrase_for(wanted));
  if (wanted.token.empty()) return {};
  const auto name = TRY(pkcs11::read_token_name(wanted.token));
  if (!name.key.label.empty() && name.key.id.empty()) return {};
  return Error{Fault::bad_configuration,
               "--pkcs11 " + wanted.token +
                   " must say what the new key is called, by object= (nss: by ?nickname=), and no "
                   "id, which comes from the key"};
}

Result<AuthorityKey> make_key(const WantedKey& wanted) {
  if (wanted.token.empty()) {
    return AuthorityKey{TRY(crypto::generate_private_key(wanted.kind)), {}};
  }
  auto place = TRY(open_named_token(wanted.token, wanted.passphrase_file));
  auto key = TRY(place.token->generate_key(wanted.kind, place.key.label));
  return AuthorityKey{std::move(key), std::move(place)};
}

Result<void> keep_key(const WantedKey& wanted, const AuthorityKey& made, const std::string& file) {
  if (made.place.token != nullptr) return {};
  return write_key(file, *made.key, TRY(passphrase_for(wanted)));
}

Result<void> keep_certificate(const AuthorityKey& made, const pkix::Certificate& certificate) {
  if (made.place.token == nullptr) return {};
  return made.place.token->store_certificate(certificate, made.place.key.label);
}

Result<AuthorityKey> find_key(const WantedKey& wanted, const std::string& file) {
  if (wanted.token.empty()) {
    return AuthorityKey{TRY(read_key_file(file, wanted.passphrase_file)), {}};
  }
  auto place = TRY(open_named_token(wanted.token, wanted.passphrase_file));
  auto key = TRY(place.token->find_key(place.key));
  return AuthorityKey{std::move(key), std::move(place)};
}

std::string kind_like(const pkix::SubjectPublicKeyInfo& key) {
  const auto read = crypto::PublicKey::from(key);
  const auto kind = read.ok() ? read->kind() : crypto::KeyKind::ec_p256;
  switch (kind) {
    case crypto::KeyKind::rsa:
      return "rsa:" + std::to_string(rsa_bits_like(read->bits()));
    case crypto::KeyKind::ec_p384:
      return "ec:p384";
    case crypto::KeyKind::ec_p521:
      return "ec:p521";
    case crypto::KeyKind::ed25519:
      return "ed25519";
    case crypto::KeyKind::ed448:
      return "ed448";
    case crypto::KeyKind::x25519:
      return "x25519";
    case crypto::KeyKind::x448:
      return "x448";
    case crypto::KeyKind::ec_p256:
      break;
  }
  return "ec:p256";
}

}  // namespace signet::tool
