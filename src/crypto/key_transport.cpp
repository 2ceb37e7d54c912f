#include "crypto/key_transport.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <cstring>

#include "codec/pkix/oids.h"
#include "crypto/fetched_digest.h"
#include "crypto/pkcs1_unpadding.h"
#include "crypto/public_key_impl.h"
#include "crypto/transport_scheme.h"

namespace signet::crypto {
namespace {

bool set_oaep(EVP_PKEY_CTX* context, const OaepParameters& oaep) {
  if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md(context, fetched(oaep.hashes.hash)) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md(context, fetched(oaep.hashes.mask_hash)) != 1) {
    return false;
  }
  if (oaep.label.empty()) return true;
  // OpenSSL takes the label over only when it succeeds.
  auto* label = OPENSSL_memdup(oaep.label.data(), oaep.label.size());
  if (EVP_PKEY_CTX_set0_rsa_oaep_label(context, label, static_cast<int>(oaep.label.size())) == 1) {
    return true;
  }
  OPENSSL_free(label);
  return false;
}

using Operation = int (*)(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*,
                          std::size_t);

/// Runs EVP_PKEY_encrypt or EVP_PKEY_decrypt; none when OpenSSL refuses.
std::optional<SecretBytes> run(Operation operation, EVP_PKEY_CTX* context, ByteView input) {
  std::size_t octets = 0;
  if (operation(context, nullptr, &octets, input.data(), input.size()) != 1) return std::nullopt;
  Bytes output(octets);
  const bool done = operation(context, output.data(), &octets, input.data(), input.size()) == 1;
  SecretBytes kept(ByteView(output).first(done ? octets : 0));
  wipe(output);
  if (!done) return std::nullopt;
  return kept;
}

Error transport_not_opened() {
  openssl::forget_reason();
  return {Fault::decryption_failed, "the key transport cannot be opened"};
}

Bytes private_exponent(const EVP_PKEY* key, std::size_t octets) {
  BIGNUM* number = nullptr;
  CHECK(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &number) == 1);
  const openssl::BigNumber exponent(number);
  Bytes made(octets);
  CHECK(BN_bn2binpad(exponent.get(), made.data(), static_cast<int>(octets)) >= 0);
  return made;
}

/// The padding is looked at here, not by OpenSSL, whose 3.0 tells whether it was right.
Result<SecretBytes> decrypt_pkcs1(EVP_PKEY* key, EVP_PKEY_CTX* context, ByteView ciphertext) {
  if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) != 1) return transport_not_opened();
  const auto block = run(EVP_PKEY_decrypt, context, ciphertext);
  if (!block) return transport_not_opened();
  auto exponent = private_exponent(key, ciphertext.size());
  auto message = unpad_pkcs1({block->view(), ciphertext, exponent});
  wipe(exponent);
  return message;
}

}  // namespace

//= B11 RFC 10004 §5.1: RSA PKCS#1 v1.5 key transport is opened and made
//= B12 RFC 10004 §5.1: so is RSAES-OAEP
Result<SecretBytes> decrypt_key_transport(EVP_PKEY* key, const AlgorithmIdentifier& algorithm,
                                          ByteView ciphertext) {
  const auto oaep = TRY(transport_scheme(algorithm));
  // RFC 8017 §7.1.2 and §7.2.2 step 1: exactly as long as the modulus.
  if (ciphertext.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key)))
    return transport_not_opened();
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_decrypt_init(context.get()) != 1) return transport_not_opened();
  if (!oaep) return decrypt_pkcs1(key, context.get(), ciphertext);
  if (!set_oaep(context.get(), *oaep)) return transport_not_opened();
  auto opened = run(EVP_PKEY_decrypt, context.get(), ciphertext);
  if (!opened) return transport_not_opened();
  return std::move(*opened);
}

AlgorithmIdentifier rsaes_oaep(DigestAlgorithm hash) {
  // RFC 4055 §2.1: SHA-2 stands here with NULL.
  const AlgorithmIdentifier hashed{algorithm_identifier(hash).algorithm, Bytes{0x05, 0x00}};
  asn1::Writer mask;
  pkix::write_algorithm_identifier(mask, hashed);
  asn1::Writer writer;
  writer.sequence([&] {
    writer.constructed(asn1::context_constructed(0),
                       [&] { pkix::write_algorithm_identifier(writer, hashed); });
    writer.constructed(asn1::context_constructed(1), [&] {
      pkix::write_algorithm_identifier(writer, {pkix::oid::kMgf1, std::move(mask).take()});
    });
  });
  return {pkix::oid::kRsaesOaep, std::move(writer).take()};
}

Result<Bytes> encrypt_key_transport(const PublicKey& key, const AlgorithmIdentifier& algorithm,
                                    const SecretBytes& content_key) {
  const auto oaep = TRY(transport_scheme(algorithm));
  if (key.kind() != KeyKind::rsa) {
    return Error{Fault::unsupported_algorithm,
                 "key transport needs an RSA key, this one is " + std::string(to_text(key.kind()))};
  }
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.impl().key(), nullptr));
  const bool ready = context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                     (oaep ? set_oaep(context.get(), *oaep)
                           : EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  const auto sealed =
      ready ? run(EVP_PKEY_encrypt, context.get(), content_key.view()) : std::nullopt;
  if (sealed) return to_bytes(sealed->view());
  return Error{Fault::internal, "OpenSSL does not encrypt the content key: " + openssl::reason()};
}

}  // namespace signet::crypto
