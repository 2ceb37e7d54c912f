// Signatures that the openssl command line made, and the nearest that must not verify.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/public_key.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::crypto_vector;
using test::kNull;
using test::named;
using test::public_key_vector;
namespace oid = pkix::oid;

struct Signed {
  const char* key;
  const char* signature;
  const char* algorithm;
  KeyKind kind;
  int bits;
};

class ForeignSignature : public testing::TestWithParam<Signed> {
 protected:
  Result<void> verify() const { return key.verify(algorithm, message, signature); }
  void expect_bad() const {
    const auto verified = verify();
    ASSERT_FALSE(verified.ok());
    EXPECT_EQ(verified.error().fault, Fault::bad_signature);
  }

  PublicKey key = public_key_vector(GetParam().key);
  AlgorithmIdentifier algorithm = named(GetParam().algorithm);
  Bytes message = crypto_vector("message.txt");
  Bytes signature = crypto_vector(GetParam().signature);
};

TEST_P(ForeignSignature, IsVerified) {
  /* matrix: B01, B02 */
  EXPECT_TRUE(verify().ok());
  EXPECT_TRUE(verify().ok()) << "also the second time, in a context that was used before";
  EXPECT_EQ(key.kind(), GetParam().kind);
  EXPECT_EQ(key.bits(), GetParam().bits);
  EXPECT_TRUE(key.can_sign());
}

TEST_P(ForeignSignature, IsRefusedWithOneBitOfTheMessageChanged) {
  message.front() ^= 0x01;
  expect_bad();
}

TEST_P(ForeignSignature, IsRefusedWithOneBitOfItselfChanged) {
  for (const std::size_t at : {std::size_t{0}, signature.size() / 2, signature.size() - 1}) {
    signature[at] ^= 0x01;
    expect_bad();
    signature[at] ^= 0x01;
  }
  EXPECT_TRUE(verify().ok());
}

TEST_P(ForeignSignature, IsRefusedWhenCutLengthenedOrEmpty) {
  signature.push_back(0);
  expect_bad();
  signature.resize(signature.size() - 2);
  expect_bad();
  signature.clear();
  expect_bad();
}

TEST_P(ForeignSignature, IsRefusedUnderAnotherAlgorithm) {
  for (const auto name :
       {"SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withRSA/PSS", "SHA384withRSA/PSS",
        "SHA512withRSA/PSS", "SHA256withEC", "SHA384withEC", "SHA512withEC", "Ed25519", "Ed448"}) {
    if (std::string_view(name) == GetParam().algorithm) continue;
    EXPECT_FALSE(key.verify(named(name), message, signature).ok()) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignSignature,
    testing::Values(
        Signed{"rsa2048", "rsa2048-sha256.sig", "SHA256withRSA", KeyKind::rsa, 2048},
        Signed{"rsa2048", "rsa2048-sha384.sig", "SHA384withRSA", KeyKind::rsa, 2048},
        Signed{"rsa2048", "rsa2048-sha512.sig", "SHA512withRSA", KeyKind::rsa, 2048},
        Signed{"rsa2048", "rsa2048-pss-sha256.sig", "SHA256withRSA/PSS", KeyKind::rsa, 2048},
        Signed{"rsa2048", "rsa2048-pss-sha512.sig", "SHA512withRSA/PSS", KeyKind::rsa, 2048},
        Signed{"ec-p-256", "ec-p-256-sha256.sig", "SHA256withEC", KeyKind::ec_p256, 256},
        Signed{"ec-p-384", "ec-p-384-sha384.sig", "SHA384withEC", KeyKind::ec_p384, 384},
        Signed{"ec-p-521", "ec-p-521-sha512.sig", "SHA512withEC", KeyKind::ec_p521, 521},
        Signed{"ed25519", "ed25519.sig", "Ed25519", KeyKind::ed25519, 256},
        Signed{"ed448", "ed448.sig", "Ed448", KeyKind::ed448, 456}));

TEST(Verify, RefusesSha1EvenWhenTheSignatureIsRight) {
  const auto message = crypto_vector("message.txt");
  const auto rsa = public_key_vector("rsa2048").verify({oid::kSha1WithRsa, kNull}, message,
                                                       crypto_vector("rsa2048-sha1.sig"));
  ASSERT_FALSE(rsa.ok());
  EXPECT_EQ(rsa.error().fault, Fault::unsupported_algorithm);
  const auto ec =
      public_key_vector("ec-p-256")
          .verify({oid::kEcdsaWithSha1, std::nullopt}, message, crypto_vector("ec-p-256-sha1.sig"));
  ASSERT_FALSE(ec.ok());
  EXPECT_EQ(ec.error().fault, Fault::unsupported_algorithm);
}

TEST(Verify, TakesRsaEncryptionWithTheDigestBesideIt) {
  /* matrix: B01 */
  const auto key = public_key_vector("rsa2048");
  const AlgorithmIdentifier algorithm{oid::kRsaEncryption, kNull};
  const auto message = crypto_vector("message.txt");
  const auto signature = crypto_vector("rsa2048-sha256.sig");
  EXPECT_TRUE(key.verify(algorithm, message, signature, DigestAlgorithm::sha256).ok());
  const auto wrong = key.verify(algorithm, message, signature, DigestAlgorithm::sha384);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().fault, Fault::bad_signature);
}

TEST(Verify, RefusesTheSignatureOfAnotherKey) {
  const auto other = test::unwrap(generate_private_key("ec:p256"));
  const auto verified = test::unwrap(PublicKey::from(other->public_key_info()))
                            .verify(named("SHA256withEC"), crypto_vector("message.txt"),
                                    crypto_vector("ec-p-256-sha256.sig"));
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().fault, Fault::bad_signature);
}

TEST(Verify, RefusesAnEcdsaSignatureInBer) {
  const auto key = public_key_vector("ec-p-256");
  auto signature = crypto_vector("ec-p-256-sha256.sig");
  // The same SEQUENCE with its length in the long form.
  signature.insert(signature.begin() + 1, 0x81);
  const auto verified = key.verify(named("SHA256withEC"), crypto_vector("message.txt"), signature);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().fault, Fault::bad_signature);
}

TEST(Verify, RefusesAPssSignatureWithAnotherSaltLength) {
  const auto message = crypto_vector("message.txt");
  auto algorithm = named("SHA256withRSA/PSS");
  algorithm.parameters->back() = 20;
  const auto verified = public_key_vector("rsa2048").verify(
      algorithm, message, crypto_vector("rsa2048-pss-sha256.sig"));
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().fault, Fault::bad_signature);
}

}  // namespace
}  // namespace signet::crypto
