#include "adapters/files/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace signet::files {
namespace {

using test::FileSizeLimit;
using test::TemporaryFolder;

mode_t mode_of(const std::string& path) {
  struct stat state {};
  EXPECT_EQ(::stat(path.c_str(), &state), 0);
  return state.st_mode & 07777;
}

std::size_t files_in(const TemporaryFolder& folder) {
  const std::filesystem::directory_iterator files(folder.path());
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST(ReadFile, GivesBackWhatWasWritten) {
  const TemporaryFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65536},
                                 std::size_t{65537}, std::size_t{200'000}}) {
    const Bytes octets(size, 0xA5);
    ASSERT_TRUE(write_file(folder / "a", octets).ok());
    EXPECT_EQ(*read_file(folder / "a"), octets);
  }
}

TEST(ReadFile, AcceptsAsManyOctetsAsAllowedAndRefusesOneMore) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a", Bytes(100)).ok());
  EXPECT_TRUE(read_file(folder / "a", 100).ok());
  EXPECT_EQ(read_file(folder / "a", 99).error().fault, Fault::too_large);
}

TEST(ReadFile, RefusesAFileThatIsAbsentAndAFolder) {
  const TemporaryFolder folder;
  const auto absent = read_file(folder / "absent");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().fault, Fault::storage_failed);
  EXPECT_NE(absent.error().detail.find(folder / "absent"), std::string::npos);
  EXPECT_EQ(read_file(folder.path().string()).error().fault, Fault::storage_failed);
}

class PrivateFile : public ::testing::Test {
 protected:
  void make(mode_t mode, uid_t owner) const {
    ASSERT_TRUE(write_file(path, as_bytes("secret")).ok());
    ASSERT_EQ(::chown(path.c_str(), owner, owner), 0);
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  void expect_refused(const std::string& mode) const {
    const auto read = read_private_file(path);
    ASSERT_FALSE(read.ok()) << mode;
    EXPECT_EQ(read.error().fault, Fault::bad_configuration);
    EXPECT_NE(read.error().detail.find(mode), std::string::npos) << read.error().detail;
    EXPECT_NE(read.error().detail.find("chmod 600 " + path), std::string::npos);
  }

  TemporaryFolder folder;
  std::string path = folder / "key";
};

TEST_F(PrivateFile, IsReadWhereItsOwnerAloneMay) {
  for (const mode_t mode : {0600U, 0400U}) {
    make(mode, ::getuid());
    const auto read = read_private_file(path);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->text(), "secret");
  }
}

TEST_F(PrivateFile, IsRefusedWhereOthersMayReadOrWriteIt) {
  for (const auto& [mode, text] : {std::pair{0644U, "0644"},
                                   {0604U, "0604"},
                                   {0602U, "0602"},
                                   {0620U, "0620"},
                                   {0601U, "0601"}}) {
    make(mode, ::getuid());
    expect_refused(text);
  }
}

TEST_F(PrivateFile, MayBeReadByAGroupWhereRootOwnsItOnly) {
  if (::getuid() != 0) GTEST_SKIP() << "only root gives files away";
  make(0640, 0);
  EXPECT_TRUE(read_private_file(path).ok());
  make(0660, 0);
  expect_refused("0660");
  make(0640, 1);
  expect_refused("0640");
}

TEST_F(PrivateFile, IsMissedWhereItIsAbsent) {
  const auto read = read_private_file(path);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::storage_failed);
}

TEST(WriteFile, GivesItsModeWhateverTheMask) {
  const TemporaryFolder folder;
  const auto mask = ::umask(0077);
  ASSERT_TRUE(write_file(folder / "public", Bytes{1}).ok());
  ::umask(0);
  ASSERT_TRUE(write_secret_file(folder / "secret", Bytes{1}).ok());
  ::umask(mask);
  EXPECT_EQ(mode_of(folder / "public"), 0644U);
  EXPECT_EQ(mode_of(folder / "secret"), 0600U);
}

TEST(WriteFile, ReplacesAWholeFileAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a", Bytes(1000, 1)).ok());
  ASSERT_TRUE(write_secret_file(folder / "a", Bytes(10, 2)).ok());
  EXPECT_EQ(*read_file(folder / "a"), Bytes(10, 2));
  EXPECT_EQ(mode_of(folder / "a"), 0600U);
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(WriteFile, ReplacesALinkAndNotWhatItPointsTo) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "other", Bytes{1}).ok());
  ASSERT_EQ(::symlink((folder / "other").c_str(), (folder / "link").c_str()), 0);
  ASSERT_TRUE(write_secret_file(folder / "link", Bytes{2}).ok());
  EXPECT_EQ(*read_file(folder / "other"), Bytes{1});
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "link"));
}

TEST(WriteFile, KeepsTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a", Bytes(10, 1)).ok());
  {
    const FileSizeLimit full(4096);
    const auto written = write_file(folder / "a", Bytes(10'000, 2));
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().fault, Fault::storage_failed);
  }
  EXPECT_EQ(*read_file(folder / "a"), Bytes(10, 1));
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(WriteFile, RefusesAFolderThatIsAbsent) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_file(folder / "absent/a", Bytes{1}).error().fault, Fault::storage_failed);
}

std::string passphrase_of(const TemporaryFolder& folder, std::string_view contents) {
  EXPECT_TRUE(write_secret_file(folder / "passphrase", as_bytes(contents)).ok());
  const auto read = read_passphrase_file(folder / "passphrase");
  return read ? std::string(read->text()) : to_text(read.error().fault).data();
}

TEST(ReadPassphraseFile, GivesTheFirstLineWithoutItsEnd) {
  const TemporaryFolder folder;
  EXPECT_EQ(passphrase_of(folder, "Secret.123"), "Secret.123");
  EXPECT_EQ(passphrase_of(folder, "Secret.123\n"), "Secret.123");
  EXPECT_EQ(passphrase_of(folder, "Secret.123\r\n"), "Secret.123");
  EXPECT_EQ(passphrase_of(folder, " two words \nnext"), " two words ");
  EXPECT_EQ(passphrase_of(folder, ""), "");
}

TEST(ReadPassphraseFile, RefusesWhatIsTooLongAndWhatIsAbsent) {
  const TemporaryFolder folder;
  EXPECT_EQ(passphrase_of(folder, std::string(4095, 'a')), std::string(4095, 'a'));
  EXPECT_EQ(passphrase_of(folder, std::string(4096, 'a')), "too_large");
  EXPECT_EQ(read_passphrase_file(folder / "absent").error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::files
