#include <gtest/gtest.h>

#include "crypto/private_key.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::certificate_vector;
using test::crypto_vector;
using test::expect_refused;
using test::key_vector;

SecretBytes passphrase(std::string_view text) {
  return SecretBytes(text);
}

TEST(ReadPkcs12, TakesWhatTheOpensslCommandWrote) {
  const auto read = test::unwrap(read_pkcs12(crypto_vector("leaf.p12"), passphrase("open")));
  EXPECT_EQ(read.key->public_key_info(), key_vector("leaf-key")->public_key_info());
  ASSERT_EQ(read.certificates.size(), 2U);
  EXPECT_EQ(read.certificates[0], certificate_vector("leaf"));
  EXPECT_EQ(read.certificates[1], certificate_vector("intermediate"));
}

TEST(ReadPkcs12, RefusesAWrongOrMissingPassphrase) {
  expect_refused(read_pkcs12(crypto_vector("leaf.p12"), passphrase("wrong")),
                 Fault::decryption_failed);
  expect_refused(read_pkcs12(crypto_vector("leaf.p12"), passphrase("")), Fault::decryption_failed);
}

TEST(ReadPkcs12, RefusesAFileWithoutMac) {
  expect_refused(read_pkcs12(crypto_vector("leaf-without-mac.p12"), passphrase("open")),
                 Fault::malformed);
}

TEST(ReadPkcs12, RefusesAFileWithoutPrivateKey) {
  expect_refused(read_pkcs12(crypto_vector("certificates-only.p12"), passphrase("open")),
                 Fault::malformed);
}

TEST(ReadPkcs12, RefusesWhatIsNoPkcs12) {
  expect_refused(read_pkcs12(crypto_vector("leaf.pem"), passphrase("open")), Fault::malformed);
  expect_refused(read_pkcs12({}, passphrase("open")), Fault::malformed);
  auto longer = crypto_vector("leaf.p12");
  longer.push_back(0);
  expect_refused(read_pkcs12(longer, passphrase("open")), Fault::malformed);
}

TEST(ReadPkcs12, RefusesOneChangedOctet) {
  auto changed = crypto_vector("leaf.p12");
  changed[changed.size() / 2] ^= 0x01;
  expect_refused(read_pkcs12(changed, passphrase("open")), Fault::decryption_failed);
}

TEST(WritePkcs12, IsReadAgain) {
  const auto key = key_vector("leaf-key");
  const std::vector chain{certificate_vector("leaf"), certificate_vector("intermediate")};
  const auto file =
      test::unwrap(write_pkcs12(*key, chain, "the leaf", passphrase("geheim \xC3\xA4")));
  const auto read = test::unwrap(read_pkcs12(file.view(), passphrase("geheim \xC3\xA4")));
  EXPECT_EQ(read.key->public_key_info(), key->public_key_info());
  EXPECT_EQ(read.certificates, chain);
}

TEST(WritePkcs12, TakesAKeyAlone) {
  const auto key = key_vector("rsa2048");
  const auto file = test::unwrap(write_pkcs12(*key, {}, "", passphrase("open")));
  const auto read = test::unwrap(read_pkcs12(file.view(), passphrase("open")));
  EXPECT_EQ(read.key->public_key_info(), key->public_key_info());
  EXPECT_TRUE(read.certificates.empty());
}

TEST(WritePkcs12, RefusesACertificateOfAnotherKey) {
  const auto written =
      write_pkcs12(*key_vector("rsa2048"), {certificate_vector("leaf")}, "", passphrase("open"));
  EXPECT_FALSE(written.ok());
}

TEST(WritePkcs12, RefusesAnEmptyPassphrase) {
  const auto written = write_pkcs12(*key_vector("leaf-key"), {}, "", passphrase(""));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().fault, Fault::bad_configuration);
}

}  // namespace
}  // namespace signet::crypto
