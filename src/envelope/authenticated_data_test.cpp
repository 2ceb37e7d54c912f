#include "envelope/authenticated_data.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::envelope {
namespace {

using test::unwrap;

cms::AuthenticatedData read(ByteView message) {
  return unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(message)).content));
}

TEST(AuthenticatedData, KnownAnswerVerifiesWithIdentificationBeforeSecret) {
  /* matrix: E14, E16 */
  SIGNET_NEEDS_SHARED("spec/vectors");
  const auto data = read(test::shared_file("spec/vectors/fullreq-authdata.der"));
  const SecretBytes password{unwrap(from_hex(
      "616c696365406578616d706c652e746573745368347265642d5333637265742d546f6b656e2d30303031"))};
  EXPECT_TRUE(verify_mac(data, password).ok());
  const SecretBytes other_order{unwrap(from_hex(
      "5368347265642d5333637265742d546f6b656e2d30303031616c696365406578616d706c652e74657374"))};
  const auto refused = verify_mac(data, other_order);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::mac_mismatch);
}

TEST(AuthenticatedData, OursVerifiesWithItsPasswordOnly) {
  /* matrix: E15 */
  const Bytes content{0x30, 0x00};
  const SecretBytes password{std::string_view("alice and a secret of some length")};
  const SecretBytes other{std::string_view("alice and a secret of some lengti")};
  const auto sealed = [&] {
    return unwrap(
        seal_authenticated_data({cmc::oid::kPKIData, content, password}, crypto::system_random()));
  };
  const auto first = read(sealed());
  EXPECT_EQ(first.encap_content_info.e_content, content);
  EXPECT_TRUE(verify_mac(first, password).ok());
  EXPECT_FALSE(verify_mac(first, other).ok());
  const auto second = read(sealed());
  EXPECT_NE(std::get<cms::PasswordRecipientInfo>(first.recipient_infos[0]).encrypted_key,
            std::get<cms::PasswordRecipientInfo>(second.recipient_infos[0]).encrypted_key);
}

/// The same message with its MAC key under id-alg-PWRI-KEK (RFC 3211 §2.3), as others may send it.
cms::AuthenticatedData with_pwri_kek(cms::AuthenticatedData data, const SecretBytes& password) {
  auto& recipient = std::get<cms::PasswordRecipientInfo>(data.recipient_infos[0]);
  const auto derivation =
      unwrap(cms::read_pbkdf2_parameters(*recipient.key_derivation_algorithm->parameters));
  const auto wrapping_key =
      crypto::pbkdf2(crypto::MacAlgorithm::hmac_sha256, password.view(), derivation.salt,
                     static_cast<std::uint32_t>(derivation.iteration_count), 32);
  const auto key = unwrap(crypto::aes_key_unwrap(wrapping_key, recipient.encrypted_key));
  Bytes padded{static_cast<std::uint8_t>(key.size())};
  for (int i = 0; i < 3; ++i) padded.push_back(key.view()[i] ^ 0xff);
  padded.insert(padded.end(), key.view().begin(), key.view().end());
  padded.resize(48, 0x5a);
  const Bytes iv(16, 9);
  const auto once = unwrap(crypto::aes_cbc_encrypt_blocks(wrapping_key, iv, padded));
  recipient.encrypted_key =
      unwrap(crypto::aes_cbc_encrypt_blocks(wrapping_key, ByteView{once}.last(16), once));
  asn1::Writer parameters;
  parameters.octet_string(iv);
  asn1::Writer cipher;
  pkix::write_algorithm_identifier(cipher, {pkix::oid::kAes256Cbc, std::move(parameters).take()});
  recipient.key_encryption_algorithm = {pkix::oid::kPwriKek, std::move(cipher).take()};
  return data;
}

TEST(AuthenticatedData, KeyUnderPwriKekVerifiesToo) {
  const Bytes content{0x30, 0x00};
  const SecretBytes password{std::string_view("alice and a secret of some length")};
  const auto data =
      with_pwri_kek(read(unwrap(seal_authenticated_data({cmc::oid::kPKIData, content, password},
                                                        crypto::system_random()))),
                    password);
  EXPECT_TRUE(verify_mac(data, password).ok());
  const auto refused = verify_mac(data, SecretBytes{std::string_view("alice and another secret")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::mac_mismatch);

  auto without_iv = data;
  auto& algorithm =
      std::get<cms::PasswordRecipientInfo>(without_iv.recipient_infos[0]).key_encryption_algorithm;
  algorithm.parameters.reset();
  EXPECT_EQ(verify_mac(without_iv, password).error().fault, Fault::malformed);
  asn1::Writer wrap;
  pkix::write_algorithm_identifier(wrap, {pkix::oid::kAes256Wrap, std::nullopt});
  algorithm.parameters = std::move(wrap).take();
  EXPECT_EQ(verify_mac(without_iv, password).error().fault, Fault::unsupported_algorithm);
}

TEST(AuthenticatedData, CarriesCertificatesOutsideItsMac) {
  SIGNET_NEEDS_SHARED("spec/vectors");
  const Bytes content{0x30, 0x00};
  const SecretBytes password{std::string_view("alice and a secret of some length")};
  const auto certificate = test::shared_file("spec/vectors/ca-cert.der");
  const auto data = read(unwrap(seal_authenticated_data({.content_type = cmc::oid::kPKIResponse,
                                                         .content = content,
                                                         .password = password,
                                                         .certificates = {certificate}},
                                                        crypto::system_random())));
  EXPECT_TRUE(verify_mac(data, password).ok());
  ASSERT_TRUE(data.originator_info);
  ASSERT_EQ(data.originator_info->certificates.size(), 1U);
  EXPECT_EQ(data.originator_info->certificates[0].der, certificate);
  EXPECT_TRUE(data.originator_info->crls.empty());
}

}  // namespace
}  // namespace signet::envelope
