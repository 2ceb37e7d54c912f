#include "crypto/key_transport.h"

#include <gtest/gtest.h>

#include <sstream>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::crypto_vector;
using test::expect_refused;
using test::hex;
using test::key_vector;
namespace oid = pkix::oid;

const AlgorithmIdentifier kPkcs1{oid::kRsaEncryption, Bytes{0x05, 0x00}};
const AlgorithmIdentifier kOaepSha1{oid::kRsaesOaep, Bytes{0x30, 0x00}};
/// SHA-256 throughout; and SHA-256, MGF1 with SHA-1 by default, label "label".
const AlgorithmIdentifier kOaepSha256{
    oid::kRsaesOaep,
    hex("302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06"
        "096086480165030402010500")};
const AlgorithmIdentifier kOaepWithLabel{
    oid::kRsaesOaep,
    hex("3027a00f300d06096086480165030402010500a214301206092a864886f70d01010904056c"
        "6162656c")};

struct Transported {
  const AlgorithmIdentifier& algorithm;
  const char* ciphertext;
};

class ForeignTransport : public testing::TestWithParam<Transported> {};

TEST_P(ForeignTransport, IsOpened) {
  /* matrix: B11, B12 */
  const auto opened =
      key_vector("rsa2048")->decrypt(GetParam().algorithm, crypto_vector(GetParam().ciphertext));
  EXPECT_EQ(to_bytes(test::unwrap(opened.ok() ? Result(opened->copy()) : opened.error()).view()),
            crypto_vector("content-key.txt"));
}

TEST_P(ForeignTransport, IsRefusedWithAnotherLength) {
  auto ciphertext = crypto_vector(GetParam().ciphertext);
  ciphertext.push_back(0);
  expect_refused(key_vector("rsa2048")->decrypt(GetParam().algorithm, ciphertext),
                 Fault::decryption_failed);
  ciphertext.resize(255);
  expect_refused(key_vector("rsa2048")->decrypt(GetParam().algorithm, ciphertext),
                 Fault::decryption_failed);
  expect_refused(key_vector("rsa2048")->decrypt(GetParam().algorithm, {}),
                 Fault::decryption_failed);
}

TEST_P(ForeignTransport, IsRefusedAboveTheModulus) {
  expect_refused(key_vector("rsa2048")->decrypt(GetParam().algorithm, Bytes(256, 0xFF)),
                 Fault::decryption_failed);
}

TEST_P(ForeignTransport, IsMadeByUsToo) {
  /* matrix: B11, B12 */
  const auto key = key_vector("rsa2048");
  const auto public_key = test::public_key_vector("rsa2048");
  const SecretBytes content_key(Bytes(32, 0x77));
  const auto sealed =
      test::unwrap(encrypt_key_transport(public_key, GetParam().algorithm, content_key));
  const auto opened = test::unwrap(key->decrypt(GetParam().algorithm, sealed));
  EXPECT_TRUE(constant_time_equal(opened.view(), content_key.view()));
}

INSTANTIATE_TEST_SUITE_P(All, ForeignTransport,
                         testing::Values(Transported{kPkcs1, "transport-pkcs1.bin"},
                                         Transported{kOaepSha1, "transport-oaep-sha1.bin"},
                                         Transported{kOaepSha256, "transport-oaep-sha256.bin"},
                                         Transported{kOaepWithLabel,
                                                     "transport-oaep-sha256-mgf1-sha1-label.bin"}));

TEST(KeyTransport, RefusesAnOaepCiphertextUnderOtherParameters) {
  const auto key = key_vector("rsa2048");
  const auto ciphertext = crypto_vector("transport-oaep-sha256.bin");
  expect_refused(key->decrypt(kOaepSha1, ciphertext), Fault::decryption_failed);
  expect_refused(key->decrypt(kOaepWithLabel, ciphertext), Fault::decryption_failed);
}

TEST(KeyTransport, RefusesAlgorithmsThatAreNotOffered) {
  const auto key = key_vector("rsa2048");
  const AlgorithmIdentifier wrong[] = {
      {oid::kRsaEncryption, Bytes{0x30, 0x00}},
      {oid::kRsaesOaep, std::nullopt},
      {oid::kRsaesOaep, Bytes{0x05, 0x00}},
      {oid::kAes128Wrap, std::nullopt},
      // pSourceFunc of another kind
      {oid::kRsaesOaep, hex("3016a214301206092a864886f70d01010804056c6162656c")}};
  for (const auto& algorithm : wrong) {
    expect_refused(key->decrypt(algorithm, Bytes(256)), Fault::unsupported_algorithm);
    expect_refused(encrypt_key_transport(test::public_key_vector("rsa2048"), algorithm,
                                         SecretBytes(Bytes(16))),
                   Fault::unsupported_algorithm);
  }
}

TEST(KeyTransport, NeedsAnRsaKey) {
  expect_refused(key_vector("ec-p-256")->decrypt(kPkcs1, Bytes(256)), Fault::unsupported_algorithm);
  expect_refused(
      encrypt_key_transport(test::public_key_vector("ec-p-256"), kPkcs1, SecretBytes(Bytes(16))),
      Fault::unsupported_algorithm);
}

TEST(KeyTransport, RefusesAContentKeyThatDoesNotFit) {
  EXPECT_FALSE(
      encrypt_key_transport(test::public_key_vector("rsa2048"), kPkcs1, SecretBytes(Bytes(246)))
          .ok());
}

TEST(KeyTransport, GivesForWrongPaddingWhatOtherImplicitRejectionsGive) {
  const auto key = key_vector("rsa2048");
  const auto file = crypto_vector("wrong-padding.txt");
  std::istringstream lines{std::string(as_text(file))};
  int count = 0;
  for (std::string kind, ciphertext, answer; lines >> kind >> ciphertext >> answer; ++count) {
    const auto opened = test::unwrap(key->decrypt(kPkcs1, hex(ciphertext)));
    EXPECT_EQ(to_hex(opened.view()), answer == "-" ? "" : answer) << kind;
  }
  EXPECT_EQ(count, 7);
}

}  // namespace
}  // namespace signet::crypto
