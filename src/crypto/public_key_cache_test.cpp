#include <gtest/gtest.h>

#include "crypto/private_key.h"
#include "crypto/public_key.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

TEST(PublicKeyCache, GivesTheSameKeyAgain) {
  PublicKeyCache cache(2);
  const auto key = test::key_vector("ec-p-256");
  const auto first = test::unwrap(cache.find_or_make(key->public_key_info()));
  const auto second = test::unwrap(cache.find_or_make(key->public_key_info()));
  EXPECT_EQ(&first.impl(), &second.impl());
}

TEST(PublicKeyCache, TellsKeysApart) {
  PublicKeyCache cache(8);
  const auto p256 =
      test::unwrap(cache.find_or_make(test::key_vector("ec-p-256")->public_key_info()));
  const auto p384 =
      test::unwrap(cache.find_or_make(test::key_vector("ec-p-384")->public_key_info()));
  EXPECT_EQ(p256.kind(), KeyKind::ec_p256);
  EXPECT_EQ(p384.kind(), KeyKind::ec_p384);
}

TEST(PublicKeyCache, RefusesBadKeysEachTime) {
  PublicKeyCache cache;
  auto info = test::key_vector("ec-p-256")->public_key_info();
  info.subject_public_key.octets = {0x00};
  for (int i = 0; i < 2; ++i) {
    const auto made = cache.find_or_make(info);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().fault, Fault::weak_key);
  }
}

TEST(PublicKeyCache, ForgetsWhatWasNotUsedLongest) {
  PublicKeyCache cache(2);
  const auto a = test::key_vector("ec-p-256");
  const auto b = test::key_vector("ec-p-384");
  const auto c = test::key_vector("ed25519");
  const auto first = test::unwrap(cache.find_or_make(a->public_key_info()));
  const auto forgotten = test::unwrap(cache.find_or_make(b->public_key_info()));
  test::unwrap(cache.find_or_make(a->public_key_info()));
  test::unwrap(cache.find_or_make(c->public_key_info()));
  EXPECT_EQ(&first.impl(), &test::unwrap(cache.find_or_make(a->public_key_info())).impl());
  EXPECT_NE(&forgotten.impl(), &test::unwrap(cache.find_or_make(b->public_key_info())).impl());
}

}  // namespace
}  // namespace signet::crypto
