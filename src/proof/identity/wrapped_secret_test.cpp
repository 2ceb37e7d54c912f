#include "proof/identity/wrapped_secret.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/writer.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "support/losable_key.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

using test::unwrap;

class WrappedSecret : public testing::Test {
 protected:
  std::string wrap(std::string_view secret) {
    return unwrap(wrap_secret(SecretBytes(secret), public_key, crypto::system_random()));
  }
  Fault fault_of(std::string_view text) {
    const auto refused = unwrap_secret(text, *key);
    EXPECT_FALSE(refused.ok());
    return refused.ok() ? Fault::internal : refused.error().fault;
  }
  test::Key key = test::test_key("rsa:2048", 1);
  test::Key other = test::test_key("rsa:2048", 2);
  crypto::PublicKey public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
};

TEST_F(WrappedSecret, OpensWithItsKeyOnly) {
  const auto text = wrap("Sup3rS3cretSharedToken");
  EXPECT_EQ(unwrap(unwrap_secret(text, *key)).text(), "Sup3rS3cretSharedToken");
  const auto refused = unwrap_secret(text, *other);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::decryption_failed);
}

TEST_F(WrappedSecret, TellsThatItsKeyIsAway) {
  const auto text = wrap("Sup3rS3cretSharedToken");
  const auto losable = std::make_shared<test::LosableKey>(key);
  key = losable;
  losable->lost = true;
  EXPECT_EQ(fault_of(text), Fault::token_failed);
  losable->lost = false;
  EXPECT_TRUE(unwrap_secret(text, *key).ok());
}

TEST_F(WrappedSecret, LineEndsOfTheToolsDoNotMatter) {
  const auto one_line = wrap("schlüssel-ключ-鍵");
  std::string windows;
  for (std::size_t at = 0; at < one_line.size(); at += 64) {
    windows += one_line.substr(at, 64) + "\r\n";
  }
  EXPECT_EQ(unwrap(unwrap_secret(one_line, *key)).text(), "schlüssel-ключ-鍵");
  EXPECT_EQ(unwrap(unwrap_secret(windows, *key)).text(), "schlüssel-ключ-鍵");
}

TEST_F(WrappedSecret, TwoOfTheSameSecretDiffer) {
  EXPECT_NE(wrap("the same secret"), wrap("the same secret"));
}

TEST_F(WrappedSecret, WhatIsAlteredDoesNotOpen) {
  const auto der = unwrap(from_base64(wrap("a secret of some length")));
  for (const std::size_t at : {std::size_t{20}, std::size_t{200}, der.size() - 1}) {
    auto altered = der;
    altered[at] ^= 1;
    const auto opened = unwrap_secret(to_base64(altered), *key);
    const bool harmless = opened.ok() ? opened->text() != "a secret of some length"
                                      : opened.error().fault == Fault::decryption_failed;
    EXPECT_TRUE(harmless) << at;
  }
}

TEST_F(WrappedSecret, WhatHasNotTheFormIsMalformed) {
  EXPECT_EQ(fault_of("no base64 !"), Fault::malformed);
  EXPECT_EQ(fault_of(""), Fault::malformed);
  EXPECT_EQ(fault_of(to_base64(Bytes{0x30, 0x02, 0x05, 0x00})), Fault::malformed);
  EXPECT_EQ(fault_of(to_base64(Bytes{0x30, 0x04, 0x04, 0x00, 0x04, 0x00})),
            Fault::decryption_failed);
  EXPECT_EQ(fault_of(wrap("")), Fault::decryption_failed);
  EXPECT_EQ(fault_of(std::string(70'000, 'A')), Fault::too_large);
}

/// As wrap_secret writes it, with an AES key of this length.
std::string wrap_with_key_of(std::size_t octets, const crypto::PublicKey& protection) {
  const SecretBytes key{Bytes(octets, 0x5A)};
  const auto secret = to_bytes(std::string_view("Sup3rS3cretSharedToken"));
  const pkix::AlgorithmIdentifier rsa{pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};
  asn1::Writer writer;
  writer.sequence([&] {
    writer.octet_string(unwrap(crypto::encrypt_key_transport(protection, rsa, key)));
    writer.octet_string(unwrap(crypto::aes_cbc_encrypt(key, Bytes(16, 0x01), secret)));
  });
  return to_base64(std::move(writer).take());
}

TEST_F(WrappedSecret, HasAnAesKeyOf16OctetsAndOfNoOtherLength) {
  const auto right = wrap_with_key_of(16, public_key);
  EXPECT_EQ(unwrap(unwrap_secret(right, *key)).text(), "Sup3rS3cretSharedToken");
  EXPECT_EQ(fault_of(wrap_with_key_of(24, public_key)), Fault::decryption_failed);
  EXPECT_EQ(fault_of(wrap_with_key_of(32, public_key)), Fault::decryption_failed);
}

TEST_F(WrappedSecret, NeedsAnRsaKey) {
  const auto ec = unwrap(crypto::PublicKey::from(test::test_key()->public_key_info()));
  const auto refused =
      wrap_secret(SecretBytes(std::string_view("secret")), ec, crypto::system_random());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::unsupported_algorithm);
}

TEST_F(WrappedSecret, ByOaepOpensByOaepOnly) {
  const SecretBytes secret{std::string_view("Sup3rS3cretSharedToken")};
  const auto text =
      unwrap(wrap_secret(secret, public_key, crypto::system_random(), SecretTransport::oaep));
  EXPECT_EQ(unwrap(unwrap_secret(text, *key, SecretTransport::oaep)).text(), secret.text());
  EXPECT_FALSE(unwrap_secret(text, *key).ok());
  const auto old = unwrap(wrap_secret(secret, public_key, crypto::system_random()));
  EXPECT_FALSE(unwrap_secret(old, *key, SecretTransport::oaep).ok());
}

}  // namespace
}  // namespace signet::proof
