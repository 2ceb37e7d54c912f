#include "crypto/cipher.h"

#include <array>
#include <climits>

#include "codec/pkix/oids.h"
#include "crypto/not_opened.h"
#include "crypto/openssl.h"

namespace signet::crypto {
namespace {

enum class Mode { cbc, gcm, wrap };
enum class Way { decrypt, encrypt };

constexpr std::size_t kMinimumIcvOctets = 12;
constexpr std::size_t kMaximumIcvOctets = 16;

constexpr std::array<const char*, 9> kNames{"AES-128-CBC",  "AES-192-CBC",  "AES-256-CBC",
                                            "AES-128-GCM",  "AES-192-GCM",  "AES-256-GCM",
                                            "AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"};

std::array<openssl::Cipher, kNames.size()> fetch_ciphers() {
  std::array<openssl::Cipher, kNames.size()> made;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    made.at(i).reset(EVP_CIPHER_fetch(nullptr, kNames.at(i), nullptr));
    CHECK(made.at(i) != nullptr);
  }
  return made;
}

bool is_aes_key_size(std::size_t octets) {
  return octets == 16 || octets == 24 || octets == 32;
}

const EVP_CIPHER* fetched(Mode mode, std::size_t key_octets) {
  static const auto ciphers = fetch_ciphers();
  CHECK(is_aes_key_size(key_octets));
  return ciphers.at(static_cast<std::size_t>(mode) * 3 + (key_octets - 16) / 8).get();
}

struct Setting {
  Mode mode;
  Way way;
  const SecretBytes& key;
  ByteView iv;  ///< empty for key wrap, whose initial value is RFC 3394's
};

/// Null when OpenSSL refuses the key or the IV.
openssl::CipherContext start(const Setting& setting) {
  openssl::CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) return nullptr;
  auto* raw = context.get();
  const auto* cipher = fetched(setting.mode, setting.key.size());
  const int encrypting = setting.way == Way::encrypt ? 1 : 0;
  if (setting.mode == Mode::wrap) EVP_CIPHER_CTX_set_flags(raw, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex2(raw, cipher, nullptr, nullptr, encrypting, nullptr) != 1) return nullptr;
  if (setting.mode == Mode::gcm &&
      EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(setting.iv.size()),
                          nullptr) != 1) {
    return nullptr;
  }
  const auto* iv = setting.iv.empty() ? nullptr : setting.iv.data();
  if (EVP_CipherInit_ex2(raw, nullptr, setting.key.view().data(), iv, encrypting, nullptr) != 1) {
    return nullptr;
  }
  return context;
}

/// All of the input through the cipher; none, and nothing left behind, when it does not come out.
std::optional<Bytes> finish(EVP_CIPHER_CTX* context, ByteView input) {
  CHECK(input.size() <= INT_MAX - 2 * kAesBlockOctets);
  Bytes output(input.size() + 2 * kAesBlockOctets);
  int octets = 0;
  int last_octets = 0;
  const bool done = EVP_CipherUpdate(context, output.data(), &octets, input.data(),
                                     static_cast<int>(input.size())) == 1 &&
                    EVP_CipherFinal_ex(context, output.data() + octets, &last_octets) == 1;
  if (!done) {
    wipe(output);
    openssl::forget_reason();
    return std::nullopt;
  }
  const auto written = static_cast<std::size_t>(octets) + static_cast<std::size_t>(last_octets);
  wipe(std::span(output).subspan(written));
  output.resize(written);
  return output;
}

std::optional<Bytes> run(const Setting& setting, ByteView input) {
  const auto context = start(setting);
  if (context) return finish(context.get(), input);
  openssl::forget_reason();
  return std::nullopt;
}

bool authenticate(EVP_CIPHER_CTX* context, ByteView additional) {
  CHECK(additional.size() <= INT_MAX);
  int octets = 0;
  return additional.empty() || EVP_CipherUpdate(context, nullptr, &octets, additional.data(),
                                                static_cast<int>(additional.size())) == 1;
}

bool is_icv_size(std::size_t octets) {
  return octets >= kMinimumIcvOctets && octets <= kMaximumIcvOctets;
}

Error wrong_key_size(const SecretBytes& key) {
  return {Fault::weak_key, "an AES key has 16, 24 or 32 octets, not " + std::to_string(key.size())};
}

Error not_sealed() {
  return {Fault::internal, "OpenSSL refuses the IV or the plaintext"};
}

/// RFC 3394 §2: at least two blocks of 64 bits.
bool is_wrappable(std::size_t octets) {
  return octets >= 16 && octets % 8 == 0;
}

}  // namespace

Result<Bytes> aes_key_wrap(const SecretBytes& wrapping_key, const SecretBytes& key) {
  if (!is_aes_key_size(wrapping_key.size())) return wrong_key_size(wrapping_key);
  if (!is_wrappable(key.size())) {
    return Error{Fault::weak_key, "AES key wrap takes 16 octets or more, a multiple of 8, not " +
                                      std::to_string(key.size())};
  }
  auto wrapped = run({Mode::wrap, Way::encrypt, wrapping_key, {}}, key.view());
  if (!wrapped) return not_sealed();
  return std::move(*wrapped);
}

Result<SecretBytes> aes_key_unwrap(const SecretBytes& wrapping_key, ByteView wrapped) {
  if (!is_aes_key_size(wrapping_key.size())) return wrong_key_size(wrapping_key);
  if (wrapped.size() < 8 || !is_wrappable(wrapped.size() - 8)) return not_opened();
  auto key = run({Mode::wrap, Way::decrypt, wrapping_key, {}}, wrapped);
  if (!key) return not_opened();
  return SecretBytes(std::move(*key));
}

Result<Bytes> aes_cbc_encrypt(const SecretBytes& key, ByteView iv, ByteView plaintext) {
  if (!is_aes_key_size(key.size())) return wrong_key_size(key);
  if (iv.size() != kAesBlockOctets) return not_sealed();
  auto ciphertext = run({Mode::cbc, Way::encrypt, key, iv}, plaintext);
  if (!ciphertext) return not_sealed();
  return std::move(*ciphertext);
}

Result<Bytes> aes_cbc_encrypt_blocks(const SecretBytes& key, ByteView iv, ByteView plaintext) {
  if (!is_aes_key_size(key.size())) return wrong_key_size(key);
  if (iv.size() != kAesBlockOctets || plaintext.size() % kAesBlockOctets != 0) return not_sealed();
  const auto context = start({Mode::cbc, Way::encrypt, key, iv});
  if (!context || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) return not_sealed();
  auto ciphertext = finish(context.get(), plaintext);
  if (!ciphertext) return not_sealed();
  return std::move(*ciphertext);
}

Result<SecretBytes> aes_cbc_decrypt(const SecretBytes& key, ByteView iv, ByteView ciphertext) {
  if (!is_aes_key_size(key.size()) || iv.size() != kAesBlockOctets) return not_opened();
  auto plaintext = run({Mode::cbc, Way::decrypt, key, iv}, ciphertext);
  if (!plaintext) return not_opened();
  return SecretBytes(std::move(*plaintext));
}

Result<SecretBytes> aes_cbc_decrypt_blocks(const SecretBytes& key, ByteView iv,
                                           ByteView ciphertext) {
  if (!is_aes_key_size(key.size()) || iv.size() != kAesBlockOctets) return not_opened();
  if (ciphertext.size() % kAesBlockOctets != 0) return not_opened();
  const auto context = start({Mode::cbc, Way::decrypt, key, iv});
  if (!context || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) return not_opened();
  auto plaintext = finish(context.get(), ciphertext);
  if (!plaintext) return not_opened();
  return SecretBytes(std::move(*plaintext));
}

Result<GcmSealed> aes_gcm_seal(const SecretBytes& key, ByteView nonce, ByteView additional,
                               ByteView plaintext, std::size_t icv_octets) {
  if (!is_aes_key_size(key.size())) return wrong_key_size(key);
  if (!is_icv_size(icv_octets) || nonce.empty()) return not_sealed();
  const auto context = start({Mode::gcm, Way::encrypt, key, nonce});
  if (!context || !authenticate(context.get(), additional)) return not_sealed();
  auto ciphertext = finish(context.get(), plaintext);
  Bytes icv(icv_octets);
  if (!ciphertext || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG,
                                         static_cast<int>(icv_octets), icv.data()) != 1) {
    return not_sealed();
  }
  return GcmSealed{std::move(*ciphertext), std::move(icv)};
}

Result<SecretBytes> aes_gcm_open(const SecretBytes& key, ByteView nonce, ByteView additional,
                                 ByteView ciphertext, ByteView icv) {
  if (!is_aes_key_size(key.size()) || !is_icv_size(icv.size()) || nonce.empty()) {
    return not_opened();
  }
  const auto context = start({Mode::gcm, Way::decrypt, key, nonce});
  auto tag = to_bytes(icv);
  if (!context ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                          tag.data()) != 1 ||
      !authenticate(context.get(), additional)) {
    openssl::forget_reason();
    return not_opened();
  }
  auto plaintext = finish(context.get(), ciphertext);
  if (!plaintext) return not_opened();
  return SecretBytes(std::move(*plaintext));
}

bool is_aes_cbc(const asn1::Oid& algorithm) {
  return algorithm == pkix::oid::kAes128Cbc || algorithm == pkix::oid::kAes192Cbc ||
         algorithm == pkix::oid::kAes256Cbc;
}

bool is_aes_gcm(const asn1::Oid& algorithm) {
  return algorithm == pkix::oid::kAes128Gcm || algorithm == pkix::oid::kAes192Gcm ||
         algorithm == pkix::oid::kAes256Gcm;
}

bool is_aes_key_wrap(const asn1::Oid& algorithm) {
  return algorithm == pkix::oid::kAes128Wrap || algorithm == pkix::oid::kAes192Wrap ||
         algorithm == pkix::oid::kAes256Wrap;
}

Result<std::size_t> aes_key_octets(const asn1::Oid& algorithm) {
  struct Entry {
    asn1::Oid oid;
    std::size_t octets;
  };
  static constexpr std::array kAlgorithms{
      Entry{pkix::oid::kAes128Cbc, 16},  Entry{pkix::oid::kAes192Cbc, 24},
      Entry{pkix::oid::kAes256Cbc, 32},  Entry{pkix::oid::kAes128Gcm, 16},
      Entry{pkix::oid::kAes192Gcm, 24},  Entry{pkix::oid::kAes256Gcm, 32},
      Entry{pkix::oid::kAes128Wrap, 16}, Entry{pkix::oid::kAes192Wrap, 24},
      Entry{pkix::oid::kAes256Wrap, 32},
  };
  for (const auto& known : kAlgorithms) {
    if (known.oid == algorithm) return known.octets;
  }
  return Error{Fault::unsupported_algorithm,
               "cipher " + algorithm.to_text() + " is not offered; use AES-CBC or AES-GCM"};
}

}  // namespace signet::crypto
