#include "crypto/key_transport.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <cstring>

#include "codec/pkix/oids.h"
#include "crypto/fetched_digest.h"
#include "crypto/pkcs1_unpadding.h"
#include "crypto/public_key_impl.h"
#include "crypto/rsa_parameters.h"

namespace signet::crypto {
namespace {

constexpr asn1::Oid kPSpecified{"1.2.840.113549.1.1.9"};

/// SHA-1 stands for OAEP, whose proof does not rest on collisions, and it is OAEP's default.
struct OaepParameters {
  HashAndMask hashes;
  Bytes label;
};

/// PSourceAlgorithm ::= AlgorithmIdentifier { id-pSpecified, OCTET STRING } (RFC 4055 §4.1)
Result<Bytes> read_label(asn1::Reader& tagged) {
  const auto source = TRY(pkix::read_algorithm_identifier(tagged));
  TRY(tagged.finish());
  if (source.algorithm != kPSpecified || !source.parameters) {
    return Error{Fault::unsupported_algorithm, "OAEP label that is not spelled out"};
  }
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*source.parameters, budget};
  auto label = TRY(reader.read_octet_string());
  TRY(reader.finish());
  return label;
}

///   RSAES-OAEP-params ::= SEQUENCE {
///     hashFunc    [0] AlgorithmIdentifier DEFAULT sha1Identifier,
///     maskGenFunc [1] AlgorithmIdentifier DEFAULT mgf1SHA1Identifier,
///     pSourceFunc [2] AlgorithmIdentifier DEFAULT pSpecifiedEmptyIdentifier }
Result<OaepParameters> read_oaep_parameters(ByteView tlv) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{tlv, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  OaepParameters parameters;
  parameters.hashes = TRY(read_hash_and_mask(sequence));
  if (auto tagged = TRY(sequence.enter_optional(asn1::context_constructed(2)))) {
    parameters.label = TRY(read_label(*tagged));
  }
  TRY(sequence.finish());
  return parameters;
}

Error unsupported(const AlgorithmIdentifier& algorithm, std::string_view why) {
  return {Fault::unsupported_algorithm,
          "key transport " + algorithm.algorithm.to_text() + " " + std::string(why)};
}

/// None for PKCS#1 v1.5.
Result<std::optional<OaepParameters>> read_transport(const AlgorithmIdentifier& algorithm) {
  if (algorithm.algorithm == pkix::oid::kRsaEncryption) {
    // RFC 3370 §4.2.1 wants NULL; some leave it out.
    if (!algorithm.parameters || *algorithm.parameters == Bytes{0x05, 0x00}) {
      return std::optional<OaepParameters>();
    }
    return unsupported(algorithm, "with parameters that are not NULL");
  }
  if (algorithm.algorithm != pkix::oid::kRsaesOaep) return unsupported(algorithm, "is not offered");
  if (!algorithm.parameters) return unsupported(algorithm, "without parameters (RFC 3560 §3)");
  auto read = read_oaep_parameters(*algorithm.parameters);
  if (!read) return unsupported(algorithm, "is refused: " + read.error().detail);
  return std::optional(std::move(*read));
}

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

Error not_opened() {
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
  if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) != 1) return not_opened();
  const auto block = run(EVP_PKEY_decrypt, context, ciphertext);
  if (!block) return not_opened();
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
  const auto oaep = TRY(read_transport(algorithm));
  // RFC 8017 §7.1.2 and §7.2.2 step 1: exactly as long as the modulus.
  if (ciphertext.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return not_opened();
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_decrypt_init(context.get()) != 1) return not_opened();
  if (!oaep) return decrypt_pkcs1(key, context.get(), ciphertext);
  if (!set_oaep(context.get(), *oaep)) return not_opened();
  auto opened = run(EVP_PKEY_decrypt, context.get(), ciphertext);
  if (!opened) return not_opened();
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
  const auto oaep = TRY(read_transport(algorithm));
  if (key.kind() != KeyKind::rsa) return unsupported(algorithm, "needs an RSA key");
  const openssl::KeyContext context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.impl().made.key.get(), nullptr));
  const bool ready = context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                     (oaep ? set_oaep(context.get(), *oaep)
                           : EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  const auto sealed =
      ready ? run(EVP_PKEY_encrypt, context.get(), content_key.view()) : std::nullopt;
  if (sealed) return to_bytes(sealed->view());
  return Error{Fault::internal, "OpenSSL does not encrypt the content key: " + openssl::reason()};
}

}  // namespace signet::crypto
