#include "adapters/files/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/files/file.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::files {
namespace {

class SecretFileTest : public testing::Test {
 protected:
  Result<SecretFile> read(std::string_view text) {
    EXPECT_TRUE(write_secret_file(path, as_bytes(text)).ok());
    return SecretFile::read(path);
  }
  void expect_refused(std::string_view text, const std::string& words) {
    const auto refused = read(text);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
    EXPECT_NE(refused.error().detail.find(words), std::string::npos) << refused.error().detail;
    EXPECT_EQ(refused.error().detail.find("sixteen octets"), std::string::npos) << "no secrets";
  }
  test::TemporaryFolder folder;
  std::string path = folder / "secrets";
};

TEST_F(SecretFileTest, FindsWhatItHolds) {
  const auto file =
      test::unwrap(read("# first users\n\nalice\ta secret of sixteen octets\tUID=alice,O=Test\r\n"
                        "bob\tanother secret of sixteen\n"));
  const auto alice = test::unwrap(file.find("alice"));
  ASSERT_TRUE(alice.has_value());
  EXPECT_EQ(alice->octets.text(), "a secret of sixteen octets");
  EXPECT_EQ(alice->subject, "UID=alice,O=Test");
  const auto bob = test::unwrap(file.find("bob"));
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(bob->subject, "");
  EXPECT_NE(alice->token_id, bob->token_id);
  EXPECT_FALSE(test::unwrap(file.find("Alice")).has_value());
  EXPECT_FALSE(test::unwrap(file.find("")).has_value());
}

TEST_F(SecretFileTest, AnotherSecretIsAnotherToken) {
  const auto before =
      test::unwrap(test::unwrap(read("alice\ta secret of sixteen octets")).find("alice"));
  const auto after =
      test::unwrap(test::unwrap(read("alice\tb secret of sixteen octets")).find("alice"));
  EXPECT_NE(before->token_id, after->token_id);
}

TEST_F(SecretFileTest, RefusesWhatItCannotRead) {
  expect_refused("alice\n", ":1: a line is");
  expect_refused("# one\n\ta secret of sixteen octets\n", ":2: a line is");
  expect_refused("alice\ta secret of sixteen octets\tUID=a\tmore\n", ":1: a line is");
  expect_refused("alice\ttoo short\n", "fewer than 16");
  expect_refused("alice\ta secret of sixteen octets\nalice\tb secret of sixteen octets\n",
                 ":2: 'alice' stands in the file twice");
  expect_refused("alice\t\xFF secret of sixteen octets\n", "UTF-8");
}

TEST_F(SecretFileTest, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(read("alice\ta secret of sixteen octets\n").ok());
  ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
  const auto refused = SecretFile::read(path);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().detail.find("chmod 600"), std::string::npos);
}

TEST_F(SecretFileTest, SaysWhichFileIsNotThere) {
  const auto refused = SecretFile::read(folder / "absent");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::files
