#include "apps/tool/credentials.h"

#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "support/compressed_key.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

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

TEST_F(ReadSigner, RefusesTheKeyOfAnotherCertificate) {
  const auto refused = read(test::test_key("ec:p256", 0), test::test_key("ec:p256", 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().detail.find("is not the key of"), std::string::npos);
}

}  // namespace
}  // namespace signet::tool
