#include "crypto/private_key.h"

#include <gtest/gtest.h>

#include <thread>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::key_vector;
using test::kNull;
using test::named;
namespace oid = pkix::oid;

bool signs_and_verifies(const PrivateKey& key, const AlgorithmIdentifier& algorithm) {
  const Bytes message(1000, 0x42);
  const auto signature = test::unwrap(key.sign(algorithm, message));
  const auto public_key = test::unwrap(PublicKey::from(key.public_key_info()));
  return public_key.verify(algorithm, message, signature).ok();
}

struct Generated {
  const char* kind;
  KeyKind made;
  const char* default_algorithm;
};

class GeneratedKey : public testing::TestWithParam<Generated> {};

TEST_P(GeneratedKey, SignsByItsDefaultAlgorithm) {
  /* matrix: B03, B04 */
  const auto key = test::unwrap(generate_private_key(GetParam().kind));
  EXPECT_EQ(key->kind(), GetParam().made);
  const auto algorithm = test::unwrap(default_signature_algorithm(*key));
  EXPECT_EQ(signature_algorithm_name(algorithm), GetParam().default_algorithm);
  EXPECT_TRUE(signs_and_verifies(*key, algorithm));
  EXPECT_TRUE(signs_and_verifies(*key, algorithm)) << "also in a context that was used before";
}

INSTANTIATE_TEST_SUITE_P(All, GeneratedKey,
                         testing::Values(Generated{"rsa:2048", KeyKind::rsa, "SHA256withRSA"},
                                         Generated{"rsa:3072", KeyKind::rsa, "SHA256withRSA"},
                                         Generated{"rsa:4096", KeyKind::rsa, "SHA384withRSA"},
                                         Generated{"ec:p256", KeyKind::ec_p256, "SHA256withEC"},
                                         Generated{"ec:p384", KeyKind::ec_p384, "SHA384withEC"},
                                         Generated{"ec:p521", KeyKind::ec_p521, "SHA512withEC"},
                                         Generated{"ed25519", KeyKind::ed25519, "Ed25519"},
                                         Generated{"ed448", KeyKind::ed448, "Ed448"}));

TEST(GeneratePrivateKey, RefusesOtherKindsAndNamesTheChoices) {
  for (const auto kind : {"rsa:1024", "ec:p224", "dsa", "RSA", ""}) {
    const auto made = generate_private_key(kind);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().fault, Fault::unsupported_algorithm);
    EXPECT_NE(made.error().detail.find("rsa:2048, rsa:3072, rsa:4096, ec:p256"), std::string::npos);
  }
}

TEST(Sign, TakesEachAlgorithmOfAnRsaKey) {
  /* matrix: B03, B04 */
  const auto key = key_vector("rsa2048");
  for (const auto name : {"SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withRSA/PSS",
                          "SHA384withRSA/PSS", "SHA512withRSA/PSS"}) {
    EXPECT_TRUE(signs_and_verifies(*key, named(name))) << name;
  }
}

TEST(Sign, TakesEachDigestWithAnEcKey) {
  for (const auto kind : {"ec-p-256", "ec-p-384", "ec-p-521"}) {
    const auto key = key_vector(kind);
    for (const auto name : {"SHA256withEC", "SHA384withEC", "SHA512withEC"}) {
      EXPECT_TRUE(signs_and_verifies(*key, named(name))) << kind << name;
    }
  }
}

TEST(Sign, RefusesAlgorithmsOfOtherKeysAndWeakOnes) {
  const AlgorithmIdentifier wrong_for_ec[] = {named("SHA256withRSA"),
                                              named("Ed25519"),
                                              {oid::kEcdsaWithSha1, std::nullopt},
                                              {oid::kEcdsaWithSha256, kNull},
                                              {oid::kRsaEncryption, kNull}};
  const auto key = key_vector("ec-p-256");
  for (const auto& algorithm : wrong_for_ec) {
    const auto signature = key->sign(algorithm, Bytes{1});
    ASSERT_FALSE(signature.ok());
    EXPECT_EQ(signature.error().fault, Fault::unsupported_algorithm);
  }
}

TEST(Sign, IsRefusedByKeysForAgreement) {
  const auto key = key_vector("x25519");
  EXPECT_FALSE(key->sign(named("Ed25519"), Bytes{1}).ok());
  const auto algorithm = default_signature_algorithm(*key);
  ASSERT_FALSE(algorithm.ok());
  EXPECT_EQ(algorithm.error().fault, Fault::unsupported_algorithm);
}

TEST(Sign, IsSafeForManyThreads) {
  const auto key = key_vector("ec-p-256");
  const auto algorithm = named("SHA256withEC");
  const auto public_key = test::unwrap(PublicKey::from(key->public_key_info()));
  std::array<int, 4> verified{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < verified.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint8_t i = 0; i < 50; ++i) {
        const Bytes message(100, i);
        const auto signature = key->sign(algorithm, message);
        if (signature.ok() && public_key.verify(algorithm, message, *signature).ok()) ++verified[t];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(verified, (std::array<int, 4>{50, 50, 50, 50}));
}

TEST(SignatureAlgorithmByName, RefusesWeakAndUnknownNames) {
  for (const auto name : {"SHA1withRSA", "MD5withRSA", "MD2withRSA", "SHA1withEC", "sha256withrsa",
                          "SHA256withDSA", "", "1.2.840.113549.1.1.11"}) {
    const auto found = signature_algorithm_by_name(name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(found.error().fault, Fault::unsupported_algorithm);
  }
}

TEST(SignatureAlgorithmByName, GivesTheParametersThatBelongThere) {
  EXPECT_EQ(named("SHA256withRSA").parameters, kNull);
  EXPECT_FALSE(named("SHA256withEC").parameters.has_value());
  EXPECT_FALSE(named("Ed25519").parameters.has_value());
  // RFC 4055 §3.1, as other implementations write them too.
  EXPECT_EQ(to_hex(*named("SHA256withRSA/PSS").parameters),
            "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648"
            "0165030402010500a203020120");
}

TEST(SignatureAlgorithmName, IsTheDottedOidWhenThereIsNone) {
  EXPECT_EQ(signature_algorithm_name({oid::kSha1WithRsa, kNull}), "1.2.840.113549.1.1.5");
  EXPECT_EQ(signature_algorithm_name({asn1::Oid{"1.2.3"}, std::nullopt}), "1.2.3");
  EXPECT_EQ(signature_algorithm_name(named("SHA384withRSA/PSS")), "SHA384withRSA/PSS");
}

TEST(DigestOfSignature, IsTheOneThatStandsBesideIt) {
  EXPECT_EQ(test::unwrap(digest_of_signature(named("SHA384withEC"))), DigestAlgorithm::sha384);
  EXPECT_EQ(test::unwrap(digest_of_signature(named("SHA512withRSA/PSS"))), DigestAlgorithm::sha512);
  EXPECT_EQ(test::unwrap(digest_of_signature(named("Ed25519"))), DigestAlgorithm::sha512);
  EXPECT_EQ(test::unwrap(digest_of_signature(named("Ed448"))), DigestAlgorithm::shake256);
  const auto weak = digest_of_signature({oid::kSha1WithRsa, kNull});
  ASSERT_FALSE(weak.ok());
  EXPECT_EQ(weak.error().fault, Fault::unsupported_algorithm);
}

}  // namespace
}  // namespace signet::crypto
