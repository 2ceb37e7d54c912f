#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cstring>

#include "crypto/held_private_key.h"

namespace signet::crypto {
namespace {

using DecoderContext = std::unique_ptr<OSSL_DECODER_CTX, openssl::Release<OSSL_DECODER_CTX_free>>;
using PrivateKeyInfo =
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, openssl::Release<PKCS8_PRIV_KEY_INFO_free>>;
using EncryptedKey = std::unique_ptr<X509_SIG, openssl::Release<X509_SIG_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, openssl::Release<X509_ALGOR_free>>;

constexpr int kSaltOctets = 16;

/// The passphrase as OpenSSL asks for it, and whether it did: a failure after it asked is told as
/// one of the passphrase.
struct PassphraseAnswer {
  const SecretBytes& passphrase;
  bool asked = false;

  /// pem_password_cb: -1 means that there is none. Never turns to a terminal.
  static int give(char* buffer, int size, int /*writing*/, void* self) {
    auto& answer = *static_cast<PassphraseAnswer*>(self);
    answer.asked = true;
    const auto secret = answer.passphrase.view();
    if (secret.empty() || secret.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(buffer, secret.data(), secret.size());
    return static_cast<int>(secret.size());
  }
};

openssl::Key decode_pem(BIO* file, PassphraseAnswer& answer) {
  return openssl::Key(PEM_read_bio_PrivateKey(file, nullptr, PassphraseAnswer::give, &answer));
}

openssl::Key decode_der(BIO* file, PassphraseAnswer& answer) {
  EVP_PKEY* key = nullptr;
  const DecoderContext decoder(OSSL_DECODER_CTX_new_for_pkey(&key, "DER", nullptr, nullptr,
                                                             EVP_PKEY_KEYPAIR, nullptr, nullptr));
  if (!decoder ||
      OSSL_DECODER_CTX_set_pem_password_cb(decoder.get(), PassphraseAnswer::give, &answer) != 1 ||
      OSSL_DECODER_from_bio(decoder.get(), file) != 1) {
    return nullptr;
  }
  return openssl::Key(key);
}

Error unreadable(const PassphraseAnswer& answer) {
  const auto reason = openssl::reason();
  if (!answer.asked) return {Fault::malformed, "no private key can be read: " + reason};
  if (answer.passphrase.empty()) {
    return {Fault::decryption_failed, "the private key is encrypted; give its passphrase"};
  }
  return {Fault::decryption_failed, "the passphrase does not open the private key: " + reason};
}

Result<openssl::Key> decode(ByteView file, const SecretBytes& passphrase) {
  if (file.empty()) return Error{Fault::malformed, "the file of the private key is empty"};
  const openssl::Bio source(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  CHECK(source != nullptr);
  PassphraseAnswer answer{passphrase};
  const bool der = file.front() == 0x30;
  auto key = der ? decode_der(source.get(), answer) : decode_pem(source.get(), answer);
  if (!key) return unreadable(answer);
  openssl::forget_reason();
  return key;
}

/// PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018 §6.2), over the PKCS#8 form.
EncryptedKey encrypt(PKCS8_PRIV_KEY_INFO* key, const SecretBytes& passphrase) {
  Algorithm scheme(PKCS5_pbe2_set_iv_ex(EVP_aes_256_cbc(), kPassphraseIterations, nullptr,
                                        kSaltOctets, nullptr, NID_hmacWithSHA256, nullptr));
  if (!scheme) return nullptr;
  const auto secret = passphrase.text();
  EncryptedKey encrypted(
      PKCS8_set0_pbe(secret.data(), static_cast<int>(secret.size()), key, scheme.get()));
  if (encrypted) static_cast<void>(scheme.release());
  return encrypted;
}

bool write(BIO* to, PKCS8_PRIV_KEY_INFO* key, const SecretBytes& passphrase) {
  if (passphrase.empty()) return PEM_write_bio_PKCS8_PRIV_KEY_INFO(to, key) == 1;
  const auto encrypted = encrypt(key, passphrase);
  return encrypted && PEM_write_bio_PKCS8(to, encrypted.get()) == 1;
}

}  // namespace

Result<std::unique_ptr<PrivateKey>> read_private_key(ByteView file, const SecretBytes& passphrase) {
  auto key = TRY(decode(file, passphrase));
  return HeldPrivateKey::make(std::move(key));
}

Result<SecretBytes> write_private_key(const PrivateKey& key, const SecretBytes& passphrase) {
  const auto openssl_key = TRY(HeldPrivateKey::openssl_key(key));
  const PrivateKeyInfo info(EVP_PKEY2PKCS8(openssl_key));
  const openssl::Bio file(BIO_new(BIO_s_secmem()));
  if (info && file && write(file.get(), info.get(), passphrase)) {
    return SecretBytes(openssl::contents(file.get()));
  }
  return Error{Fault::internal, "OpenSSL does not write the private key: " + openssl::reason()};
}

}  // namespace signet::crypto
