#include "crypto/key_agreement.h"

#include <openssl/core_names.h>

#include "crypto/fetched_digest.h"
#include "crypto/held_private_key.h"
#include "crypto/public_key_impl.h"

namespace signet::crypto {
namespace {

Error not_agreed() {
  openssl::forget_reason();
  return {Fault::decryption_failed, "the two keys do not agree on a key"};
}

/// A fresh key on the recipient's curve.
openssl::Key generate_beside(EVP_PKEY* recipient) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, recipient, nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
      EVP_PKEY_generate(context.get(), &made) != 1) {
    return nullptr;
  }
  return openssl::Key(made);
}

}  // namespace

bool can_agree(KeyKind kind) {
  switch (kind) {
    case KeyKind::ec_p256:
    case KeyKind::ec_p384:
    case KeyKind::ec_p521:
    case KeyKind::x25519:
    case KeyKind::x448:
      return true;
    case KeyKind::rsa:
    case KeyKind::ed25519:
    case KeyKind::ed448:
      return false;
  }
  return false;
}

Result<SecretBytes> HeldPrivateKey::agree(const PublicKey& peer) const {
  if (!can_agree(kind_) || peer.kind() != kind_) {
    return Error{Fault::unsupported_algorithm, std::string(to_text(kind_)) + " and " +
                                                   std::string(to_text(peer.kind())) +
                                                   " keys do not agree on a key"};
  }
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  std::size_t octets = 0;
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), peer.impl().key()) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &octets) != 1) {
    return not_agreed();
  }
  Bytes shared(octets);
  const bool done = EVP_PKEY_derive(context.get(), shared.data(), &octets) == 1;
  SecretBytes kept(ByteView(shared).first(done ? octets : 0));
  wipe(shared);
  if (!done) return not_agreed();
  return kept;
}

Result<EphemeralAgreement> agree_with(const PublicKey& recipient) {
  if (!can_agree(recipient.kind())) {
    return Error{Fault::unsupported_algorithm,
                 std::string(to_text(recipient.kind())) + " keys do not agree on keys"};
  }
  auto made = generate_beside(recipient.impl().key());
  if (!made) return not_agreed();
  const auto ephemeral = TRY(HeldPrivateKey::make(std::move(made)));
  auto shared_secret = TRY(ephemeral->agree(recipient));
  return EphemeralAgreement{ephemeral->public_key_info(), std::move(shared_secret)};
}

Result<Bytes> uncompressed_point(const PublicKey& key) {
  const auto* made = key.impl().key();
  BIGNUM* x = nullptr;
  BIGNUM* y = nullptr;
  const bool told = EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
                    EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1;
  const openssl::BigNumber owned_x(x);
  const openssl::BigNumber owned_y(y);
  if (!told) {
    openssl::forget_reason();
    return Error{Fault::unsupported_algorithm,
                 std::string(to_text(key.kind())) + " keys have no point on a named curve"};
  }
  const auto field_octets = (key.bits() + 7) / 8;
  Bytes point(1 + 2 * static_cast<std::size_t>(field_octets), 0x04);
  CHECK(BN_bn2binpad(x, point.data() + 1, field_octets) == field_octets);
  CHECK(BN_bn2binpad(y, point.data() + 1 + field_octets, field_octets) == field_octets);
  return point;
}

SecretBytes x963_kdf(DigestAlgorithm algorithm, const SecretBytes& shared_secret,
                     ByteView shared_info, std::size_t octets) {
  static const openssl::Kdf kdf(EVP_KDF_fetch(nullptr, "X963KDF", nullptr));
  CHECK(kdf != nullptr);
  const openssl::KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  CHECK(context != nullptr);
  // OpenSSL's parameter list wants pointers to what it only reads.
  const auto octets_of = [](const char* name, ByteView value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()),
                                             value.size());
  };
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
                                       const_cast<char*>(EVP_MD_get0_name(fetched(algorithm))), 0),
      octets_of(OSSL_KDF_PARAM_SECRET, shared_secret.view()),
      octets_of(OSSL_KDF_PARAM_INFO, shared_info), OSSL_PARAM_construct_end()};
  Bytes made(octets);
  CHECK(EVP_KDF_derive(context.get(), made.data(), made.size(), parameters) == 1);
  return SecretBytes(std::move(made));
}

}  // namespace signet::crypto
