#include "crypto/held_private_key.h"

#include <openssl/x509.h>

#include "crypto/fetched_digest.h"
#include "crypto/key_transport.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;

/// OpenSSL writes the SubjectPublicKeyInfo, our codec reads it: once in the life of a key.
Result<pkix::SubjectPublicKeyInfo> public_half(const EVP_PKEY* key) {
  unsigned char* written = nullptr;
  const int octets = i2d_PUBKEY(key, &written);
  if (octets <= 0) {
    return Error{Fault::malformed, "a key without public half: " + openssl::reason()};
  }
  const Bytes der(written, written + octets);
  OPENSSL_free(written);
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{der, budget};
  return pkix::read_subject_public_key_info(reader);
}

Error signing_failed() {
  return {Fault::signing_failed, "OpenSSL does not sign: " + openssl::reason()};
}

}  // namespace

/// For agreement keys OpenSSL computes the public half itself (RFC 8410 §7).
Result<void> check_halves_agree(const PrivateKey& key, const PublicKey& public_half) {
  if (!public_half.can_sign()) return {};
  const auto algorithm = TRY(default_signature_algorithm(key));
  const auto message = as_bytes("do the halves of this key belong together?");
  const auto signature = TRY(key.sign(algorithm, message));
  if (public_half.verify(algorithm, message, signature)) return {};
  return Error{Fault::weak_key, "private and public half of the key do not belong together"};
}

Result<std::unique_ptr<PrivateKey>> HeldPrivateKey::make(openssl::Key key) {
  auto info = TRY(public_half(key.get()));
  const auto checked = TRY(PublicKey::from(info));
  std::unique_ptr<PrivateKey> made =
      std::make_unique<HeldPrivateKey>(std::move(key), std::move(info), checked);
  TRY(check_halves_agree(*made, checked));
  return made;
}

Result<EVP_PKEY*> HeldPrivateKey::openssl_key(const PrivateKey& key) {
  const auto* held = dynamic_cast<const HeldPrivateKey*>(&key);
  if (held != nullptr) return held->key_.get();
  return Error{Fault::unsupported_algorithm,
               "the private key lives in a device and cannot leave it"};
}

//= B03 RFC 10004 §5.1: RSA with SHA-256 is made
//= B04 RFC 10004 §5.1: so are RSASSA-PSS, ECDSA and EdDSA
Result<Bytes> HeldPrivateKey::sign(const AlgorithmIdentifier& algorithm, ByteView message) const {
  const auto scheme = TRY(signature_scheme(algorithm));
  TRY(check_fits(scheme, kind_, bits_));
  const bool edwards = scheme.family == Family::ed25519 || scheme.family == Family::ed448;
  return edwards ? sign_message(message) : sign_digest(scheme, message);
}

Result<Bytes> HeldPrivateKey::sign_digest(const SignatureScheme& scheme, ByteView message) const {
  const auto hashed = digest(scheme.digest, message);
  auto context = signers_.take(scheme);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  auto octets = signature.size();
  if (!context ||
      EVP_PKEY_sign(context.get(), signature.data(), &octets, hashed.data(), hashed.size()) != 1) {
    return signing_failed();
  }
  signers_.give_back(scheme, std::move(context));
  signature.resize(octets);
  return signature;
}

Result<Bytes> HeldPrivateKey::sign_message(ByteView message) const {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  auto octets = signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key_.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &octets, message.data(), message.size()) !=
          1) {
    return signing_failed();
  }
  signature.resize(octets);
  return signature;
}

Result<SecretBytes> HeldPrivateKey::decrypt(const AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const {
  if (kind_ != KeyKind::rsa) {
    return Error{Fault::unsupported_algorithm,
                 "key transport needs an RSA key, this one is " + std::string(to_text(kind_))};
  }
  return decrypt_key_transport(key_.get(), algorithm, ciphertext);
}

}  // namespace signet::crypto
