#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;

struct KnownDigest {
  DigestAlgorithm algorithm;
  asn1::Oid oid;
  const char* of_abc;  ///< FIPS 180-4, "abc"
};

class EachDigest : public testing::TestWithParam<KnownDigest> {};

TEST_P(EachDigest, GivesTheKnownAnswer) {
  /* matrix: B17, B19, B22, B24 */
  EXPECT_EQ(digest(GetParam().algorithm, as_bytes("abc")), hex(GetParam().of_abc));
  EXPECT_EQ(digest_octets(GetParam().algorithm), hex(GetParam().of_abc).size());
}

TEST_P(EachDigest, IsKnownByItsOidWithoutParametersAndWithNull) {
  EXPECT_EQ(test::unwrap(digest_algorithm({GetParam().oid, std::nullopt})), GetParam().algorithm);
  EXPECT_EQ(test::unwrap(digest_algorithm({GetParam().oid, Bytes{5, 0}})), GetParam().algorithm);
}

TEST_P(EachDigest, IsWrittenWithoutParameters) {
  EXPECT_EQ(algorithm_identifier(GetParam().algorithm),
            (AlgorithmIdentifier{GetParam().oid, std::nullopt}));
}

TEST_P(EachDigest, RefusesOtherParameters) {
  const auto read = digest_algorithm({GetParam().oid, Bytes{0x30, 0x00}});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::unsupported_algorithm);
}

INSTANTIATE_TEST_SUITE_P(
    All, EachDigest,
    testing::Values(KnownDigest{DigestAlgorithm::sha1, pkix::oid::kSha1,
                                "a9993e364706816aba3e25717850c26c9cd0d89d"},
                    KnownDigest{DigestAlgorithm::sha224, pkix::oid::kSha224,
                                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
                    KnownDigest{DigestAlgorithm::sha256, pkix::oid::kSha256,
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                    KnownDigest{DigestAlgorithm::sha384, pkix::oid::kSha384,
                                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                "8086072ba1e7cc2358baeca134c825a7"},
                    KnownDigest{
                        DigestAlgorithm::sha512, pkix::oid::kSha512,
                        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"}));

TEST(DigestAlgorithm, RefusesMd5AndWhatItDoesNotKnow) {
  for (const auto& oid : {pkix::oid::kMd5, pkix::oid::kShake256, pkix::oid::kRsaEncryption}) {
    const auto read = digest_algorithm({oid, std::nullopt});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, Fault::unsupported_algorithm);
  }
}

const AlgorithmIdentifier kShake512Bits{pkix::oid::kShake256Len, Bytes{0x02, 0x02, 0x02, 0x00}};

TEST(SignerDigestAlgorithm, TakesShake256Of512BitsWhereDigestsAreNamedElsewhereItIsRefused) {
  EXPECT_EQ(test::unwrap(signer_digest_algorithm(kShake512Bits)), DigestAlgorithm::shake256);
  EXPECT_EQ(algorithm_identifier(DigestAlgorithm::shake256), kShake512Bits);
  EXPECT_FALSE(digest_algorithm(kShake512Bits).ok());
}

TEST(SignerDigestAlgorithm, RefusesShake256OfAnotherLengthAndTheOneWithout) {
  for (const auto& algorithm :
       {AlgorithmIdentifier{pkix::oid::kShake256Len, Bytes{0x02, 0x02, 0x01, 0x00}},
        AlgorithmIdentifier{pkix::oid::kShake256Len, std::nullopt},
        AlgorithmIdentifier{pkix::oid::kShake256, std::nullopt}}) {
    const auto read = signer_digest_algorithm(algorithm);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, Fault::unsupported_algorithm);
  }
}

/// FIPS 202's SHAKE256 of "abc", as `openssl dgst -shake256 -xoflen 64` writes it.
TEST(Digest, IsAsLongAs512BitsByShake256) {
  EXPECT_EQ(to_hex(digest(DigestAlgorithm::shake256, as_bytes("abc"))),
            "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
            "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4");
}

TEST(Digest, TakesNoOctetsAtAll) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(SystemRandom, FillsAllOctetsAnewEachTime) {
  const auto first = test::unwrap(system_random().octets(32));
  const auto second = test::unwrap(system_random().octets(32));
  EXPECT_EQ(first.size(), 32U);
  EXPECT_NE(first, second);
  EXPECT_NE(first, Bytes(32));
}

}  // namespace
}  // namespace signet::crypto
