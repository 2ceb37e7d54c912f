#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;

std::string mac_hex(MacAlgorithm algorithm, ByteView key, ByteView message) {
  return to_hex(mac(algorithm, key, message));
}

TEST(Mac, GivesTheAnswersOfRfc4231Case1) {
  /* matrix: B18, B21, B23 */
  const Bytes key(20, 0x0b);
  const auto data = as_bytes("Hi There");
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha224, key, data),
            "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22");
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha256, key, data),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha384, key, data),
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
            "faea9ea9076ede7f4af152e8b2fa9cb6");
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha512, key, data),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
            "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
}

TEST(Mac, GivesTheAnswerOfRfc2202Case1) {
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha1, Bytes(20, 0x0b), as_bytes("Hi There")),
            "b617318655057264e28bc0b6fb378c8ef146be00");
}

TEST(Mac, HashesAKeyThatIsLongerThanABlock) {  // RFC 4231 case 6
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha256, Bytes(131, 0xaa),
                    as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Mac, TakesAnEmptyKeyAndAnEmptyMessage) {
  EXPECT_EQ(mac_hex(MacAlgorithm::hmac_sha256, {}, {}),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Mac, DoesNotRememberTheKeyOfAnotherCall) {
  const auto first = mac(MacAlgorithm::hmac_sha256, as_bytes("one"), as_bytes("message"));
  const auto other = mac(MacAlgorithm::hmac_sha256, as_bytes("two"), as_bytes("message"));
  EXPECT_NE(first, other);
  EXPECT_EQ(first, mac(MacAlgorithm::hmac_sha256, as_bytes("one"), as_bytes("message")));
}

TEST(MacAlgorithm, IsKnownByItsOidWithoutParametersAndWithNull) {
  for (const auto algorithm :
       {MacAlgorithm::hmac_sha1, MacAlgorithm::hmac_sha224, MacAlgorithm::hmac_sha256,
        MacAlgorithm::hmac_sha384, MacAlgorithm::hmac_sha512}) {
    auto identifier = algorithm_identifier(algorithm);
    EXPECT_FALSE(identifier.parameters.has_value());
    EXPECT_EQ(test::unwrap(mac_algorithm(identifier)), algorithm);
    identifier.parameters = Bytes{5, 0};
    EXPECT_EQ(test::unwrap(mac_algorithm(identifier)), algorithm);
  }
}

TEST(MacAlgorithm, TakesBothOidsOfHmacSha1) {
  for (const auto& oid : {pkix::oid::kHmacSha1, pkix::oid::kHmacWithSha1}) {
    EXPECT_EQ(test::unwrap(mac_algorithm({oid, std::nullopt})), MacAlgorithm::hmac_sha1);
  }
  EXPECT_EQ(algorithm_identifier(MacAlgorithm::hmac_sha1).algorithm, pkix::oid::kHmacSha1);
}

TEST(MacAlgorithm, RefusesDigestsAndStrangeParameters) {
  const AlgorithmIdentifier wrong[] = {{pkix::oid::kSha256, std::nullopt},
                                       {pkix::oid::kHmacWithSha256, Bytes{0x30, 0x00}},
                                       {asn1::Oid{"1.2.3"}, std::nullopt}};
  for (const auto& identifier : wrong) {
    const auto read = mac_algorithm(identifier);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, Fault::unsupported_algorithm);
  }
}

std::string pbkdf2_hex(MacAlgorithm prf, std::string_view password, std::string_view salt,
                       std::uint32_t iterations, std::size_t octets) {
  return to_hex(pbkdf2(prf, as_bytes(password), as_bytes(salt), iterations, octets).view());
}

TEST(Pbkdf2, GivesTheAnswersOfRfc6070) {
  /* matrix: B14 */
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha1, "password", "salt", 1, 20),
            "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha1, "password", "salt", 4096, 20),
            "4b007901b765489abead49d926f721d065a429c1");
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha1, "passwordPASSWORDpassword",
                       "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25),
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038");
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha1, {"pass\0word", 9}, {"sa\0lt", 5}, 4096, 16),
            "56fa6aa75548099dcc37d7f03425e0c3");
}

TEST(Pbkdf2, GivesTheAnswerOfRfc7914) {
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha256, "passwd", "salt", 1, 64),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

TEST(Pbkdf2, CostsEachIterationOfEachBlock) {
  EXPECT_EQ(pbkdf2_cost(MacAlgorithm::hmac_sha256, 1000, 1), 1000U);
  EXPECT_EQ(pbkdf2_cost(MacAlgorithm::hmac_sha256, 1000, 32), 1000U);
  EXPECT_EQ(pbkdf2_cost(MacAlgorithm::hmac_sha256, 1000, 33), 2000U);
  EXPECT_EQ(pbkdf2_cost(MacAlgorithm::hmac_sha1, 1000, 64), 4000U);
  EXPECT_EQ(pbkdf2_cost(MacAlgorithm::hmac_sha512, UINT32_MAX, 128), 2 * std::uint64_t{UINT32_MAX});
}

TEST(Pbkdf2, TakesAnEmptyPasswordAndAnEmptySalt) {
  EXPECT_EQ(pbkdf2({}, {}, {}, 1, 0).size(), 0U);
  EXPECT_EQ(pbkdf2_hex(MacAlgorithm::hmac_sha256, "", "salt", 1, 32).size(), 64U);
  EXPECT_NE(pbkdf2_hex(MacAlgorithm::hmac_sha256, "a", "", 1, 32),
            pbkdf2_hex(MacAlgorithm::hmac_sha256, "", "a", 1, 32));
}

}  // namespace
}  // namespace signet::crypto
