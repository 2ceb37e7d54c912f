#include "crypto/key_hash.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/compressed_key.h"

namespace signet::crypto {
namespace {

namespace oid = pkix::oid;
using test::test_key;

pkix::SubjectPublicKeyInfo under(const pkix::AlgorithmIdentifier& algorithm,
                                 const pkix::SubjectPublicKeyInfo& key) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, algorithm);
    writer.bit_string(key.subject_public_key);
  });
  return {algorithm, key.subject_public_key, to_bytes(writer.view())};
}

TEST(KeyHash, IsTheDigestOfAKeyInItsOrdinaryForm) {
  for (const auto* kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519", "x25519"}) {
    const auto& info = test_key(kind)->public_key_info();
    EXPECT_EQ(key_hash(info), sha256(info.der)) << kind;
  }
}

TEST(KeyHash, IsOneForAPointInBothForms) {
  for (const auto* kind : {"ec:p256", "ec:p384", "ec:p521"}) {
    for (int number = 0; number < 4; ++number) {
      const auto key = test_key(kind, number);
      EXPECT_EQ(key_hash(test::compressed_key(key)->public_key_info()),
                key_hash(key->public_key_info()))
          << kind;
    }
  }
}

TEST(KeyHash, TellsThePointsOfOneCoordinateApart) {
  auto other = test::compressed_key(test_key())->public_key_info();
  other.subject_public_key.octets.front() ^= 1;
  EXPECT_NE(key_hash(other), key_hash(test_key()->public_key_info()));
}

TEST(KeyHash, IsOneForAnRsaKeyUnderOtherIdentifiersAndParameters) {
  const auto& key = test_key("rsa:2048")->public_key_info();
  EXPECT_EQ(key_hash(under({oid::kRsaEncryption, std::nullopt}, key)), key_hash(key));
  EXPECT_EQ(key_hash(under({oid::kRsassaPss, std::nullopt}, key)), key_hash(key));
}

TEST(KeyHash, IsThatOfTheOctetsWhereThereIsNoSuchPoint) {
  auto none = test::compressed_key(test_key())->public_key_info();
  none.subject_public_key.octets.resize(20);
  EXPECT_EQ(key_hash(none), sha256(none.der));
}

}  // namespace
}  // namespace signet::crypto
