#include "apps/upkeep/awaited_certificate.h"

#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

TEST(AwaitedCertificate, IsRecalledWithAllThatWasWanted) {
  const test::TemporaryFolder folder;
  const NewAuthority wanted{.directory = folder.path(),
                            .subject = "CN=Below",
                            .key = "rsa:3072",
                            .hosts = {"one.example", "two.example"},
                            .address = "::1",
                            .port = 8444,
                            .agent = "CN=Agent",
                            .store = "postgresql://db.example/signet",
                            .profiles = "/profiles",
                            .passphrase_file = "/passphrase",
                            .token = "pkcs11:token=one"};
  ASSERT_TRUE(remember({wanted, folder / "ca.key", folder / "ca.csr"}).ok());
  const auto recalled = recall(folder.path());
  ASSERT_TRUE(recalled.ok()) << recalled.error().detail;
  EXPECT_EQ(recalled->wanted, wanted);
  EXPECT_EQ(recalled->key_file, folder / "ca.key");
  EXPECT_EQ(recalled->request_file, folder / "ca.csr");
}

TEST(AwaitedCertificate, OfBeforeThereWereSharedStoresHasAFile) {
  const test::TemporaryFolder folder;
  NewAuthority wanted;
  wanted.directory = folder.path();
  ASSERT_TRUE(remember({wanted, folder / "ca.key", folder / "ca.csr"}).ok());
  const auto file = folder / "awaited.json";
  std::string text(as_text(*files::read_file(file)));
  const std::string line = "  \"store\": \"\",\n";
  ASSERT_NE(text.find(line), std::string::npos) << text;
  text.erase(text.find(line), line.size());
  ASSERT_TRUE(files::write_file(file, as_bytes(text)).ok());
  EXPECT_EQ(recall(folder.path())->wanted.store, "");
}

}  // namespace
}  // namespace signet::tool
