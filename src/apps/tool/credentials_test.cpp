#include "apps/tool/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "support/compressed_key.h"
#include "support/crypto_vectors.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

class ReadSigner : public ::testing::Test {
 protected:
  /// A certificate for the one key, beside the file of the other.
  Result<Signer> read(const test::Key& certified, const test::Key& key) {
    const auto credential = ca.issue({.key = certified});
    const auto pem = unwrap(crypto::write_private_key(*key, SecretBytes{}));
    EXPECT_TRUE(files::write_file(options.certificate_file,
                                  as_bytes(pkix::to_pem({credential.certificate})))
                    .ok());
    EXPECT_TRUE(files::write_secret_file(options.key_file, pem.view()).ok());
    return read_signer(options);
  }

  test::TestCa ca;
  test::TemporaryFolder folder;
  SignerOptions options{.certificate_file = folder / "certificate.pem",
                        .key_file = folder / "key.pem",
                        .pkcs12_file = {},
                        .passphrase_file = {}};
};

TEST_F(ReadSigner, TakesAKeyHoweverItsPointIsWritten) {
  const auto key = test::test_key();
  EXPECT_TRUE(read(key, key).ok());
  EXPECT_TRUE(read(test::compressed_key(key), key).ok());
}

/// One file: what a web server reads, or an export.
class OneFile : public ReadSigner {
 protected:
  OneFile() { options.key_file.clear(); }

  static std::string pem_of(const test::Key& of, std::string_view passphrase = {}) {
    return std::string(unwrap(crypto::write_private_key(*of, SecretBytes{passphrase})).text());
  }
  Result<Signer> read(const std::string& text) {
    EXPECT_TRUE(files::write_file(options.certificate_file, as_bytes(text)).ok());
    return read_signer(options);
  }
  void expect_refused(const std::string& text, Fault fault, const std::string& told) {
    const auto refused = read(text);
    ASSERT_FALSE(refused.ok()) << told;
    EXPECT_EQ(refused.error().fault, fault) << refused.error().detail;
    EXPECT_THAT(refused.error().detail, HasSubstr(told));
  }

  test::Key key = test::test_key("ec:p256", 0);
  test::Key other_key = test::test_key("ec:p256", 1);
  pkix::Certificate own = ca.issue({.key = key}).certificate;
  std::string certificate = pkix::to_pem({own});
  std::string chain = pkix::to_pem({ca.certificate()});
};

TEST_F(OneFile, HoldsCertificateAndKeyInAnyOrder) {
  for (const auto& text : {certificate + pem_of(key), pem_of(key) + certificate + chain,
                           certificate + pem_of(key) + chain,
                           "Bag Attributes\n    friendlyName: agent\nsubject=CN = a\n" +
                               certificate + "Key Attributes: <No Attributes>\n" + pem_of(key)}) {
    const auto signer = read(text);
    ASSERT_TRUE(signer.ok()) << signer.error().detail << text;
    EXPECT_EQ(signer->certificate, own);
    EXPECT_EQ(signer->key->public_key_info(), key->public_key_info());
    EXPECT_EQ(signer->chain.size(), text.find(chain) == std::string::npos ? 0U : 1U);
  }
}

TEST_F(OneFile, MayBeNamedTwice) {
  options.key_file = options.certificate_file;
  EXPECT_TRUE(read(certificate + pem_of(key)).ok());
}

TEST_F(OneFile, MayHoldAKeyBesideTheOneThatIsNamed) {
  options.key_file = folder / "key.pem";
  ASSERT_TRUE(files::write_secret_file(options.key_file, as_bytes(pem_of(key))).ok());
  EXPECT_TRUE(read(certificate + pem_of(other_key)).ok());
}

TEST_F(OneFile, HoldsAnEncryptedKeyWithItsPassphrase) {
  const auto text = certificate + pem_of(key, "correct horse");
  expect_refused(text, Fault::decryption_failed, "encrypted; give its passphrase");
  options.passphrase_file = folder / "passphrase";
  ASSERT_TRUE(files::write_secret_file(options.passphrase_file, as_bytes("correct horse\n")).ok());
  EXPECT_TRUE(read(text).ok());
  ASSERT_TRUE(files::write_secret_file(options.passphrase_file, as_bytes("correct cow\n")).ok());
  expect_refused(text, Fault::decryption_failed, "does not open");
}

TEST_F(OneFile, HoldsAKeyOfTheOldFormWithItsHeaders) {
  const auto old = test::crypto_vector("rsa2048-traditional-encrypted.pem");
  expect_refused(certificate + std::string(as_text(old)), Fault::decryption_failed,
                 "encrypted; give its passphrase");
}

TEST_F(OneFile, RefusesWhatIsNoSigner) {
  expect_refused(certificate + pem_of(other_key), Fault::signing_failed,
                 "is not that of its first");
  expect_refused(chain + certificate + pem_of(key), Fault::signing_failed,
                 "comes first, its chain after it");
  expect_refused(certificate + pem_of(key) + pem_of(other_key), Fault::malformed,
                 "holds 2 private keys");
  expect_refused(certificate + chain, Fault::malformed, "holds no private key");
  expect_refused(pem_of(key), Fault::malformed, "holds no certificate: it holds a private key");
  const auto cut = pem_of(key);
  expect_refused(certificate + cut.substr(0, cut.size() / 2), Fault::malformed, "has no END line");
}

TEST_F(ReadSigner, RefusesTheKeyOfAnotherCertificate) {
  const auto refused = read(test::test_key("ec:p256", 0), test::test_key("ec:p256", 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().detail.find("is not the key of"), std::string::npos);
}

}  // namespace
}  // namespace signet::tool
