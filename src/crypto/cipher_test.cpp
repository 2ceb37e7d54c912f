#include "crypto/cipher.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;

SecretBytes secret(std::string_view digits) {
  return SecretBytes(hex(digits));
}

std::string plain(Result<SecretBytes> opened) {
  return to_hex(test::unwrap(std::move(opened)).view());
}

template <typename T>
Fault fault_of(const Result<T>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? Fault::internal : result.error().fault;
}

// --- key wrap: RFC 3394 §4 ---

struct Wrapping {
  const char* wrapping_key;
  const char* key;
  const char* wrapped;
};

class Rfc3394 : public testing::TestWithParam<Wrapping> {};

TEST_P(Rfc3394, WrapsAndUnwraps) {
  /* matrix: B15 */
  const auto wrapping_key = secret(GetParam().wrapping_key);
  EXPECT_EQ(to_hex(test::unwrap(aes_key_wrap(wrapping_key, secret(GetParam().key)))),
            GetParam().wrapped);
  EXPECT_EQ(plain(aes_key_unwrap(wrapping_key, hex(GetParam().wrapped))), GetParam().key);
}

constexpr auto kKek128 = "000102030405060708090a0b0c0d0e0f";
constexpr auto kKek192 = "000102030405060708090a0b0c0d0e0f1011121314151617";
constexpr auto kKek256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr auto kKey128 = "00112233445566778899aabbccddeeff";
constexpr auto kKey192 = "00112233445566778899aabbccddeeff0001020304050607";
constexpr auto kKey256 = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";

INSTANTIATE_TEST_SUITE_P(
    All, Rfc3394,
    testing::Values(Wrapping{kKek128, kKey128, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
                    Wrapping{kKek192, kKey128, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
                    Wrapping{kKek256, kKey128, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
                    Wrapping{kKek192, kKey192,
                             "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
                    Wrapping{kKek256, kKey192,
                             "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
                    Wrapping{kKek256, kKey256,
                             "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43b"
                             "fb988b9b7a02dd21"}));

TEST(AesKeyUnwrap, RefusesEachChangedOctet) {
  const auto wrapped = hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    auto changed = wrapped;
    changed[i] ^= 0x01;
    EXPECT_EQ(fault_of(aes_key_unwrap(secret(kKek128), changed)), Fault::decryption_failed);
  }
}

TEST(AesKeyUnwrap, RefusesAnotherWrappingKey) {
  const auto wrapped = hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
  EXPECT_EQ(fault_of(aes_key_unwrap(secret(kKey128), wrapped)), Fault::decryption_failed);
}

TEST(AesKeyUnwrap, RefusesLengthsThatNoKeyHas) {
  for (const std::size_t octets : {0U, 7U, 8U, 16U, 23U, 25U}) {
    EXPECT_EQ(fault_of(aes_key_unwrap(secret(kKek128), Bytes(octets))), Fault::decryption_failed);
  }
}

TEST(AesKeyUnwrap, RefusesAWrappingKeyOfAnotherSize) {
  EXPECT_EQ(fault_of(aes_key_unwrap(SecretBytes(Bytes(15)), Bytes(24))), Fault::weak_key);
  EXPECT_EQ(fault_of(aes_key_unwrap(SecretBytes(), Bytes(24))), Fault::weak_key);
}

TEST(AesKeyWrap, RefusesKeysThatAreShortOrNotOfWholeBlocks) {
  for (const std::size_t octets : {0U, 8U, 15U, 20U}) {
    EXPECT_EQ(fault_of(aes_key_wrap(secret(kKek128), SecretBytes(Bytes(octets)))), Fault::weak_key);
  }
  EXPECT_EQ(fault_of(aes_key_wrap(SecretBytes(Bytes(20)), secret(kKey128))), Fault::weak_key);
}

// --- CBC: NIST SP 800-38A §F.2 (first block; ours adds a block of padding) ---

constexpr auto kCbcIv = "000102030405060708090a0b0c0d0e0f";
constexpr auto kCbcBlock = "6bc1bee22e409f96e93d7e117393172a";

TEST(AesCbc, GivesTheAnswersOfSp80038A) {
  /* matrix: B05 */
  const std::pair<const char*, const char*> known[] = {
      {"2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d"},
      {"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "4f021db243bc633d7178183a9fa071e8"},
      {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
       "f58c4c04d6e5f1ba779eabfb5f7bfbd6"}};
  for (const auto& [key, first_block] : known) {
    const auto ciphertext = test::unwrap(aes_cbc_encrypt(secret(key), hex(kCbcIv), hex(kCbcBlock)));
    EXPECT_EQ(ciphertext.size(), 32U);
    EXPECT_EQ(to_hex(ByteView(ciphertext).first(16)), first_block);
    EXPECT_EQ(plain(aes_cbc_decrypt(secret(key), hex(kCbcIv), ciphertext)), kCbcBlock);
  }
}

TEST(AesCbc, TakesEveryLengthOfPlaintext) {
  const auto key = secret(kKek256);
  for (std::size_t octets = 0; octets < 50; ++octets) {
    const Bytes plaintext(octets, 0x5a);
    const auto ciphertext = test::unwrap(aes_cbc_encrypt(key, hex(kCbcIv), plaintext));
    EXPECT_EQ(ciphertext.size(), (octets / 16 + 1) * 16);
    EXPECT_EQ(plain(aes_cbc_decrypt(key, hex(kCbcIv), ciphertext)), to_hex(plaintext));
  }
}

TEST(AesCbcDecrypt, TellsNothingButThatItFailed) {
  const auto key = secret(kKek128);
  const auto iv = hex(kCbcIv);
  const auto ciphertext = test::unwrap(aes_cbc_encrypt(key, iv, Bytes(20)));
  auto wrong_padding = ciphertext;
  wrong_padding[15] ^= 0xFF;
  const auto by_padding = aes_cbc_decrypt(key, iv, wrong_padding);
  const auto by_length = aes_cbc_decrypt(key, iv, ByteView(ciphertext).first(31));
  const auto by_iv = aes_cbc_decrypt(key, ByteView(iv).first(15), ciphertext);
  const auto by_key = aes_cbc_decrypt(SecretBytes(Bytes(17)), iv, ciphertext);
  const auto by_nothing = aes_cbc_decrypt(key, iv, {});
  for (const auto* refused : {&by_padding, &by_length, &by_iv, &by_key, &by_nothing}) {
    ASSERT_FALSE(refused->ok());
    EXPECT_EQ(refused->error(), by_padding.error());
    EXPECT_EQ(refused->error().fault, Fault::decryption_failed);
  }
}

TEST(AesCbcDecryptBlocks, GivesWhatWasEncryptedWithoutPadding) {
  const auto key = secret(kKek128);
  const auto iv = hex(kCbcIv);
  const Bytes plaintext(64, 0x5a);
  const auto ciphertext = test::unwrap(aes_cbc_encrypt_blocks(key, iv, plaintext));
  EXPECT_EQ(plain(aes_cbc_decrypt_blocks(key, iv, ciphertext)), to_hex(plaintext));
  const auto by_length = aes_cbc_decrypt_blocks(key, iv, ByteView(ciphertext).first(63));
  const auto by_iv = aes_cbc_decrypt_blocks(key, ByteView(iv).first(15), ciphertext);
  const auto by_key = aes_cbc_decrypt_blocks(SecretBytes(Bytes(17)), iv, ciphertext);
  for (const auto* refused : {&by_length, &by_iv, &by_key}) {
    ASSERT_FALSE(refused->ok());
    EXPECT_EQ(refused->error().fault, Fault::decryption_failed);
  }
}

TEST(AesCbcEncrypt, RefusesKeysAndIvsOfOtherSizes) {
  EXPECT_EQ(fault_of(aes_cbc_encrypt(SecretBytes(Bytes(17)), hex(kCbcIv), {})), Fault::weak_key);
  EXPECT_EQ(fault_of(aes_cbc_encrypt(secret(kKek128), Bytes(12), {})), Fault::internal);
}

// --- GCM: McGrew and Viega, test cases 4, 13, 14 and 16; 5 for a nonce of 8 octets ---

struct Gcm {
  const char* key;
  const char* nonce;
  const char* additional;
  const char* plaintext;
  const char* ciphertext;
  const char* icv;
};

constexpr auto kGcmAdditional = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
constexpr auto kGcmPlaintext =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

class KnownGcm : public testing::TestWithParam<Gcm> {};

TEST_P(KnownGcm, SealsAndOpens) {
  /* matrix: B07, B08 */
  const auto& known = GetParam();
  const auto sealed = test::unwrap(aes_gcm_seal(secret(known.key), hex(known.nonce),
                                                hex(known.additional), hex(known.plaintext), 16));
  EXPECT_EQ(to_hex(sealed.ciphertext), known.ciphertext);
  EXPECT_EQ(to_hex(sealed.icv), known.icv);
  EXPECT_EQ(plain(aes_gcm_open(secret(known.key), hex(known.nonce), hex(known.additional),
                               sealed.ciphertext, sealed.icv)),
            known.plaintext);
}

INSTANTIATE_TEST_SUITE_P(
    All, KnownGcm,
    testing::Values(Gcm{"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                        kGcmAdditional, kGcmPlaintext,
                        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
                        "5bc94fbc3221a5db94fae95ae7121a47"},
                    Gcm{"feffe9928665731c6d6a8f9467308308", "cafebabefacedbad", kGcmAdditional,
                        kGcmPlaintext,
                        "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423"
                        "73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598",
                        "3612d2e79e3b0785561be14aaca2fccb"},
                    Gcm{"0000000000000000000000000000000000000000000000000000000000000000",
                        "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
                    Gcm{"0000000000000000000000000000000000000000000000000000000000000000",
                        "000000000000000000000000", "", "00000000000000000000000000000000",
                        "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
                    Gcm{"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                        "cafebabefacedbaddecaf888", kGcmAdditional, kGcmPlaintext,
                        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
                        "76fc6ece0f4e1768cddf8853bb2d551b"}));

class OpenGcm : public testing::Test {
 protected:
  Result<SecretBytes> open() const {
    return aes_gcm_open(key, nonce, additional, sealed.ciphertext, sealed.icv);
  }

  SecretBytes key = secret(kKek128);
  Bytes nonce = hex("cafebabefacedbaddecaf888");
  Bytes additional = hex(kGcmAdditional);
  Bytes plaintext = hex(kGcmPlaintext);
  GcmSealed sealed = test::unwrap(aes_gcm_seal(key, nonce, additional, plaintext, 12));
};

TEST_F(OpenGcm, TakesAnIcvOf12Octets) {
  /* matrix: B09 */
  EXPECT_EQ(sealed.icv.size(), 12U);
  EXPECT_EQ(plain(open()), kGcmPlaintext);
}

TEST_F(OpenGcm, RefusesAChangedCiphertext) {
  sealed.ciphertext.front() ^= 1;
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST_F(OpenGcm, RefusesAChangedIcv) {
  sealed.icv.back() ^= 0x80;
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST_F(OpenGcm, RefusesChangedAdditionalData) {
  additional.pop_back();
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST_F(OpenGcm, RefusesAnotherNonce) {
  nonce.front() ^= 1;
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST_F(OpenGcm, RefusesAnotherKey) {
  key = secret(kKey128);
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST_F(OpenGcm, RefusesAnIcvCutToWhatIsEasierToGuess) {
  for (const std::size_t octets : {0U, 4U, 11U}) {
    sealed.icv.resize(octets);
    EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
  }
}

TEST_F(OpenGcm, RefusesAnEmptyNonceAndAnIcvOf17Octets) {
  sealed.icv.resize(17);
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
  sealed.icv.resize(12);
  nonce.clear();
  EXPECT_EQ(fault_of(open()), Fault::decryption_failed);
}

TEST(AesGcmSeal, RefusesWhatItCouldNotOpen) {
  const auto key = secret(kKek128);
  EXPECT_EQ(fault_of(aes_gcm_seal(key, Bytes(12), {}, {}, 11)), Fault::internal);
  EXPECT_EQ(fault_of(aes_gcm_seal(key, Bytes(12), {}, {}, 17)), Fault::internal);
  EXPECT_EQ(fault_of(aes_gcm_seal(key, {}, {}, {}, 16)), Fault::internal);
  EXPECT_EQ(fault_of(aes_gcm_seal(SecretBytes(Bytes(8)), Bytes(12), {}, {}, 16)), Fault::weak_key);
}

TEST(AesKeyOctets, KnowsEachCipherAndRefusesOthers) {
  EXPECT_EQ(test::unwrap(aes_key_octets(pkix::oid::kAes128Cbc)), 16U);
  EXPECT_EQ(test::unwrap(aes_key_octets(pkix::oid::kAes192Gcm)), 24U);
  EXPECT_EQ(test::unwrap(aes_key_octets(pkix::oid::kAes256Wrap)), 32U);
  EXPECT_EQ(fault_of(aes_key_octets(pkix::oid::kSha256)), Fault::unsupported_algorithm);
}

}  // namespace
}  // namespace signet::crypto
