#include "crypto/pwri_key.h"

#include <gtest/gtest.h>

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;
using test::unwrap;

/// Made by `openssl cms -encrypt -pwri_password 'alice and a secret' -aes256` of "hello".
struct OpensslMessage {
  Bytes iv = hex("d63c3f5204243d32b027916eb6f64859");
  Bytes wrapped =
      hex("0023d67d9e612765ad85499a00613073186ff745255992bb5d8226895c973bd5"
          "8a33c988283ff884795a11ac163f7798");
  Bytes content_iv = hex("9ecea50b27545d25f89da813cbf95a1a");
  Bytes content = hex("352a2d2f043fe2a25460ff69d378a1a8");
  SecretBytes wrapping_key = pbkdf2(MacAlgorithm::hmac_sha1, as_bytes("alice and a secret"),
                                    hex("8ec387e7afd3d206"), 2048, 32);
};

TEST(PwriKey, OpensslsOpens) {
  const OpensslMessage message;
  const auto key = unwrap(pwri_key_unwrap(message.wrapping_key, message.iv, message.wrapped));
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(unwrap(aes_cbc_decrypt(key, message.content_iv, message.content)).text(), "hello");
}

TEST(PwriKey, OfAnotherKeyOrLengthDoesNotOpen) {
  const OpensslMessage message;
  const SecretBytes other{Bytes(32, 7)};
  const ByteView wrapped = message.wrapped;
  for (const auto& refused : {pwri_key_unwrap(other, message.iv, wrapped),
                              pwri_key_unwrap(message.wrapping_key, Bytes(16, 0), wrapped),
                              pwri_key_unwrap(message.wrapping_key, message.iv, wrapped.first(47)),
                              pwri_key_unwrap(message.wrapping_key, message.iv, wrapped.first(16)),
                              pwri_key_unwrap(message.wrapping_key, message.iv, {})}) {
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::decryption_failed);
  }
}

/// A padded key as it stands before the encryptions, encrypted.
Result<SecretBytes> unwrap_padded(ByteView padded) {
  const SecretBytes wrapping_key{Bytes(16, 1)};
  const Bytes iv(16, 2);
  const auto once = unwrap(aes_cbc_encrypt_blocks(wrapping_key, iv, padded));
  const auto twice =
      unwrap(aes_cbc_encrypt_blocks(wrapping_key, ByteView{once}.last(16), ByteView{once}));
  return pwri_key_unwrap(wrapping_key, iv, twice);
}

TEST(PwriKey, OpensOnlyWhatIsPaddedByTheRule) {
  Bytes padded = hex("10");
  for (const auto octet : {0xfe, 0xfd, 0xfc}) padded.push_back(static_cast<std::uint8_t>(octet));
  for (std::uint8_t i = 1; i <= 28; ++i) padded.push_back(i);
  EXPECT_EQ(to_hex(unwrap(unwrap_padded(padded)).view()), "0102030405060708090a0b0c0d0e0f10");
  padded[3] ^= 1;
  EXPECT_FALSE(unwrap_padded(padded).ok()) << "a wrong check octet";
  padded[3] ^= 1;
  padded[0] = 28;
  EXPECT_TRUE(unwrap_padded(padded).ok()) << "no padding at all";
  padded[0] = 29;
  EXPECT_FALSE(unwrap_padded(padded).ok()) << "longer than there is";
}

/// Whoever alters the IV alters COUNT, and no check shows it.
TEST(PwriKey, OpensNoKeyOfFewerThanSixteenOctets) {
  Bytes padded = hex("00fefdfc");
  for (std::uint8_t i = 1; i <= 28; ++i) padded.push_back(i);
  for (const int count : {0, 2, 3, 15}) {
    padded[0] = static_cast<std::uint8_t>(count);
    const auto refused = unwrap_padded(padded);
    ASSERT_FALSE(refused.ok()) << count;
    EXPECT_EQ(refused.error().fault, Fault::decryption_failed);
  }
  padded[0] = 16;
  EXPECT_EQ(unwrap(unwrap_padded(padded)).size(), 16U);
}

TEST(PwriKey, AnIvAlteredUntilTheKeyIsShortDoesNotOpen) {
  OpensslMessage message;
  message.iv[0] ^= 32 ^ 3;
  EXPECT_FALSE(pwri_key_unwrap(message.wrapping_key, message.iv, message.wrapped).ok());
  message.iv[0] ^= 3 ^ 16;
  EXPECT_EQ(unwrap(pwri_key_unwrap(message.wrapping_key, message.iv, message.wrapped)).size(), 16U);
}

}  // namespace
}  // namespace signet::crypto
