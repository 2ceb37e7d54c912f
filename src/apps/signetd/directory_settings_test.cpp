#include "apps/signetd/directory_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

class DirectoryAddressTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }
  void expect_refused(const std::string& words) const {
    const auto address = directory_address(given);
    ASSERT_FALSE(address.ok()) << words;
    EXPECT_THAT(address.error().detail, HasSubstr(words));
  }

  test::TemporaryFolder folder;
  Configuration::Directory given;
};

TEST_F(DirectoryAddressTest, IsOfOneDirectory) {
  given.plaintext = true;
  for (const auto* uri : {"127.0.0.1", "http://d.test", "LDAP://d.test", "ldapi:///", "ldap://",
                          "ldap://d.test/dc=test", "ldaps://d.test ldap://e.test",
                          "ldaps://d.test,ldap://e.test", "ldap://d.test:x"}) {
    given.uri = uri;
    expect_refused("uri \"" + given.uri + "\": one directory is named");
  }
  for (const auto* uri : {"ldap://[::1]:1389", "ldaps://d.test", "ldap://d.test:389/"}) {
    given.uri = uri;
    EXPECT_TRUE(directory_address(given).ok()) << uri;
  }
}

TEST_F(DirectoryAddressTest, HasAFileOfWhoVouchesForItUnlessItIsPlaintext) {
  given.uri = "ldaps://d.test";
  given.ca = folder / "ca.pem";
  expect_refused("ca.pem");
  write("ca.pem", "nothing\n");
  expect_refused("ca.pem: it holds no certificate");
  write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(unwrap(directory_address(given)).ca_file, given.ca);
}

TEST_F(DirectoryAddressTest, BindsNobodyWithoutAPassword) {
  given.uri = "ldap://d.test";
  given.plaintext = true;
  given.bind_password_file = write("password", "\n");
  expect_refused("password: the password is empty");
  write("password", "hush\n");
  EXPECT_EQ(unwrap(directory_address(given)).bind_password.text(), "hush");
}

}  // namespace
}  // namespace signet::server
