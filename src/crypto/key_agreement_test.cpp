#include "crypto/key_agreement.h"

#include <gtest/gtest.h>

#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;
using test::unwrap;

constexpr const char* kKinds[] = {"ec:p256", "ec:p384", "ec:p521", "x25519", "x448"};

PublicKey public_half(const PrivateKey& key) {
  return unwrap(PublicKey::from(key.public_key_info()));
}

TEST(KeyAgreement, BothSidesHaveTheSameSecret) {
  for (const auto* kind : kKinds) {
    const auto key = unwrap(generate_private_key(kind));
    const auto agreed = unwrap(agree_with(public_half(*key)));
    const auto other_side = unwrap(key->agree(unwrap(PublicKey::from(agreed.ephemeral))));
    EXPECT_EQ(to_bytes(agreed.shared_secret.view()), to_bytes(other_side.view())) << kind;
    EXPECT_GE(other_side.size(), 32U);
  }
}

TEST(KeyAgreement, EphemeralKeysAreNewEachTime) {
  const auto key = unwrap(generate_private_key("x25519"));
  const auto one = unwrap(agree_with(public_half(*key)));
  const auto two = unwrap(agree_with(public_half(*key)));
  EXPECT_NE(one.ephemeral, two.ephemeral);
  EXPECT_NE(to_bytes(one.shared_secret.view()), to_bytes(two.shared_secret.view()));
}

TEST(KeyAgreement, KeysOfOtherKindsDoNotAgree) {
  for (const auto* kind : {"rsa:2048", "ed25519", "ed448"}) {
    const auto key = unwrap(generate_private_key(kind));
    EXPECT_EQ(agree_with(public_half(*key)).error().fault, Fault::unsupported_algorithm) << kind;
    EXPECT_EQ(key->agree(public_half(*key)).error().fault, Fault::unsupported_algorithm) << kind;
  }
  const auto p256 = unwrap(generate_private_key("ec:p256"));
  const auto p384 = unwrap(generate_private_key("ec:p384"));
  EXPECT_EQ(p256->agree(public_half(*p384)).error().fault, Fault::unsupported_algorithm);
}

// NIST CAVS, ANSI X9.63-2001, SHA-256: no SharedInfo, 128 bits.
TEST(X963Kdf, GivesTheKnownAnswer) {
  const SecretBytes shared(hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08"));
  EXPECT_EQ(to_bytes(x963_kdf(DigestAlgorithm::sha256, shared, {}, 16).view()),
            hex("443024c3dae66b95e6f5670601558f71"));
}

TEST(X963Kdf, GivesAsMuchAsIsAskedForAndDependsOnAll) {
  const SecretBytes shared(Bytes(32, 1));
  const auto made = [&](DigestAlgorithm digest, ByteView info, std::size_t octets) {
    return to_bytes(x963_kdf(digest, shared, info, octets).view());
  };
  const auto long_key = made(DigestAlgorithm::sha256, Bytes{1}, 100);
  ASSERT_EQ(long_key.size(), 100U);
  const auto first = made(DigestAlgorithm::sha256, Bytes{1}, 32);
  EXPECT_EQ(Bytes(long_key.begin(), long_key.begin() + 32), first);
  EXPECT_NE(first, made(DigestAlgorithm::sha256, Bytes{2}, 32));
  EXPECT_NE(first, made(DigestAlgorithm::sha384, Bytes{1}, 32));
}

}  // namespace
}  // namespace signet::crypto
