#include "crypto/signature_scheme.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;
using test::hex;
using test::kNull;
namespace oid = pkix::oid;

void expect_unsupported(const AlgorithmIdentifier& algorithm,
                        std::optional<DigestAlgorithm> beside = {}) {
  const auto read = signature_scheme(algorithm, beside);
  ASSERT_FALSE(read.ok()) << algorithm.algorithm.to_text();
  EXPECT_EQ(read.error().fault, Fault::unsupported_algorithm);
}

TEST(SignatureScheme, TakesRsaWithNullAndWithoutParameters) {
  /* matrix: B01 */
  const SignatureScheme expected{Family::rsa_pkcs1, DigestAlgorithm::sha256, 0};
  EXPECT_EQ(test::unwrap(signature_scheme({oid::kSha256WithRsa, kNull})), expected);
  EXPECT_EQ(test::unwrap(signature_scheme({oid::kSha256WithRsa, std::nullopt})), expected);
}

TEST(SignatureScheme, RefusesRsaWithOtherParameters) {
  expect_unsupported({oid::kSha256WithRsa, Bytes{0x30, 0x00}});
  expect_unsupported({oid::kRsaEncryption, Bytes{0x30, 0x00}}, DigestAlgorithm::sha256);
}

TEST(SignatureScheme, RefusesParametersOfEcdsaAndEdDsa) {
  for (const auto& algorithm : {oid::kEcdsaWithSha256, oid::kEcdsaWithSha384, oid::kEcdsaWithSha512,
                                oid::kEd25519, oid::kEd448}) {
    EXPECT_TRUE(signature_scheme({algorithm, std::nullopt}).ok());
    expect_unsupported({algorithm, kNull});
  }
}

TEST(SignatureScheme, RefusesSha1Md5AndNoSignature) {
  for (const auto& algorithm : {oid::kSha1WithRsa, oid::kMd5WithRsa, oid::kEcdsaWithSha1,
                                oid::kNoSignature, oid::kX25519}) {
    expect_unsupported({algorithm, std::nullopt});
    expect_unsupported({algorithm, kNull});
  }
}

TEST(SignatureScheme, TakesTheDigestOfRsaEncryptionFromBesideIt) {
  /* matrix: B01 */
  const auto scheme =
      test::unwrap(signature_scheme({oid::kRsaEncryption, kNull}, DigestAlgorithm::sha384));
  EXPECT_EQ(scheme, (SignatureScheme{Family::rsa_pkcs1, DigestAlgorithm::sha384, 0}));
}

TEST(SignatureScheme, RefusesRsaEncryptionWithoutDigestAndWithSha1) {
  expect_unsupported({oid::kRsaEncryption, kNull});
  expect_unsupported({oid::kRsaEncryption, kNull}, DigestAlgorithm::sha1);
}

TEST(SignatureScheme, RefusesADigestBesideItThatIsNotItsOwn) {
  const AlgorithmIdentifier algorithm{oid::kSha256WithRsa, kNull};
  EXPECT_TRUE(signature_scheme(algorithm, DigestAlgorithm::sha256).ok());
  expect_unsupported(algorithm, DigestAlgorithm::sha512);
  expect_unsupported(algorithm, DigestAlgorithm::sha1);
  // RFC 8419 §3.1: SHA-512 beside Ed25519.
  EXPECT_TRUE(signature_scheme({oid::kEd25519, std::nullopt}, DigestAlgorithm::sha512).ok());
  expect_unsupported({oid::kEd25519, std::nullopt}, DigestAlgorithm::sha256);
  expect_unsupported({oid::kEd25519, std::nullopt}, DigestAlgorithm::shake256);
}

TEST(SignatureScheme, TakesShake256AndSha512BesideEd448Alone) {
  const AlgorithmIdentifier ed448{oid::kEd448, std::nullopt};
  EXPECT_TRUE(signature_scheme(ed448, DigestAlgorithm::shake256).ok());
  EXPECT_TRUE(signature_scheme(ed448, DigestAlgorithm::sha512).ok());
  expect_unsupported(ed448, DigestAlgorithm::sha256);
  expect_unsupported({oid::kSha512WithRsa, kNull}, DigestAlgorithm::shake256);
  expect_unsupported({oid::kRsaEncryption, kNull}, DigestAlgorithm::shake256);
}

// --- RSASSA-PSS-params ---

/// As `openssl req -sigopt rsa_padding_mode:pss -sha256` writes them.
constexpr auto kPssSha256 =
    "3034"
    "a00f300d06096086480165030402010500"
    "a11c301a06092a864886f70d010108300d06096086480165030402010500"
    "a203020120";

AlgorithmIdentifier pss(std::string_view parameters) {
  return {oid::kRsassaPss, hex(parameters)};
}

/// kPssSha256 with one part replaced by another of the same length.
AlgorithmIdentifier pss_with(std::string_view part, std::string_view other) {
  std::string changed(kPssSha256);
  changed.replace(changed.find(part), part.size(), other);
  return pss(changed);
}

TEST(PssParameters, AreTakenWhenTheyNameSha256Throughout) {
  /* matrix: B02 */
  EXPECT_EQ(test::unwrap(signature_scheme(pss(kPssSha256))),
            (SignatureScheme{Family::rsa_pss, DigestAlgorithm::sha256, 32}));
}

TEST(PssParameters, MayLeaveTheNullOfTheDigestsOut) {
  EXPECT_EQ(test::unwrap(signature_scheme(
                pss("3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648"
                    "016503040201a203020120"))),
            (SignatureScheme{Family::rsa_pss, DigestAlgorithm::sha256, 32}));
}

TEST(PssParameters, HaveASaltOf20OctetsWhenTheyDoNotSay) {
  const auto scheme = signature_scheme(pss(
      "302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d060960864801650304"
      "02010500"));
  EXPECT_EQ(test::unwrap(scheme).salt_octets, 20U);
}

TEST(PssParameters, MaySpellTheTrailerOut) {
  const std::string with_trailer = "3039" + std::string(kPssSha256).substr(4) + "a303020101";
  EXPECT_TRUE(signature_scheme(pss(with_trailer)).ok());
  const std::string with_another = "3039" + std::string(kPssSha256).substr(4) + "a303020102";
  expect_unsupported(pss(with_another));
}

TEST(PssParameters, AreRefusedWhenAbsentOrEmptyWhichMeansSha1) {
  expect_unsupported({oid::kRsassaPss, std::nullopt});
  expect_unsupported({oid::kRsassaPss, kNull});
  expect_unsupported(pss("3000"));
}

TEST(PssParameters, AreRefusedWhenTheMaskHasAnotherHash) {
  // The second sha256 (…0201) becomes sha512 (…0203).
  std::string changed(kPssSha256);
  changed.replace(changed.rfind("0402010500"), 10, "0402030500");
  expect_unsupported(pss(changed));
}

TEST(PssParameters, AreRefusedWithAMaskThatIsNotMgf1) {
  expect_unsupported(pss_with("2a864886f70d010108", "2a864886f70d010109"));
}

TEST(PssParameters, AreRefusedWithAShortOrHugeOrNegativeSalt) {
  EXPECT_TRUE(signature_scheme(pss_with("a203020120", "a203020114")).ok());
  expect_unsupported(pss_with("a203020120", "a203020113"));
  expect_unsupported(pss_with("a203020120", "a203020100"));
  expect_unsupported(pss_with("a203020120", "a2030201ff"));
  expect_unsupported(pss("3035" + std::string(kPssSha256).substr(4, 92) + "a20402020401"));
}

TEST(PssParameters, AreRefusedWithSomethingBehindThem) {
  expect_unsupported(pss(std::string(kPssSha256) + "0500"));
}

TEST(CheckFits, RefusesASaltThatTheKeyHasNoRoomFor) {
  const SignatureScheme longest{Family::rsa_pss, DigestAlgorithm::sha256, 222};
  const SignatureScheme too_long{Family::rsa_pss, DigestAlgorithm::sha256, 223};
  EXPECT_TRUE(check_fits(longest, KeyKind::rsa, 2048).ok());
  const auto refused = check_fits(too_long, KeyKind::rsa, 2048);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::unsupported_algorithm);
}

TEST(CheckFits, RefusesEachFamilyForKeysOfOtherKinds) {
  const SignatureScheme schemes[] = {{Family::rsa_pkcs1, DigestAlgorithm::sha256, 0},
                                     {Family::ecdsa, DigestAlgorithm::sha256, 0},
                                     {Family::ed25519, DigestAlgorithm::sha512, 0},
                                     {Family::ed448, DigestAlgorithm::shake256, 0}};
  const std::pair<KeyKind, int> kinds[] = {{KeyKind::rsa, 2048},
                                           {KeyKind::ec_p256, 256},
                                           {KeyKind::ed25519, 256},
                                           {KeyKind::ed448, 456}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(check_fits(schemes[i], kinds[k].first, kinds[k].second).ok(), i == k);
    }
    EXPECT_FALSE(check_fits(schemes[i], KeyKind::x25519, 256).ok());
    EXPECT_FALSE(check_fits(schemes[i], KeyKind::x448, 448).ok());
  }
}

}  // namespace
}  // namespace signet::crypto
