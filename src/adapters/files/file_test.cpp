#include "adapters/files/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "adapters/files/descriptor.h"
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

TEST(WriteFile, WritesToAPipeAndLeavesItOne) {
  const TemporaryFolder folder;
  const auto path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const Descriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  ASSERT_TRUE(write_file(path, Bytes{1, 2}).ok());
  Bytes read(3);
  EXPECT_EQ(::read(reader.number(), read.data(), read.size()), 2);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(WriteFile, WritesToADeviceAlsoASecret) {
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  ASSERT_TRUE(::grantpt(terminal.number()) == 0 && ::unlockpt(terminal.number()) == 0);
  const std::string path = ::ptsname(terminal.number());
  const Descriptor other_end(::open(path.c_str(), O_RDWR | O_NOCTTY));
  ASSERT_TRUE(write_file(path, as_bytes("a")).ok());
  ASSERT_TRUE(write_secret_file(path, as_bytes("b")).ok());
  EXPECT_TRUE(std::filesystem::is_character_file(path));
}

TEST(IsLeftInPlace, TellsWhatWritingReplaces) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::symlink((folder / "pipe").c_str(), (folder / "link").c_str()), 0);
  ASSERT_TRUE(write_file(folder / "file", Bytes{1}).ok());
  for (const auto* name : {"file", "link", "absent", "absent/too"}) {
    EXPECT_FALSE(is_left_in_place(folder / name)) << name;
  }
  for (const auto& path : {folder / "pipe", folder.path().string(), std::string("/dev/null"),
                           "/proc/self/fd/" + std::to_string(STDERR_FILENO)}) {
    EXPECT_TRUE(is_left_in_place(path)) << path;
  }
}

TEST(WriteFile, ReplacesALinkToADeviceAndNotTheDevice) {
  const TemporaryFolder folder;
  ASSERT_EQ(::symlink("/dev/null", (folder / "link").c_str()), 0);
  ASSERT_TRUE(write_file(folder / "link", Bytes{1}).ok());
  EXPECT_EQ(*read_file(folder / "link"), Bytes{1});
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(WriteFile, WritesToWhatIsHeldOpenAlsoWhereThatIsAFile) {
  const TemporaryFolder folder;
  const Descriptor held(::open((folder / "a").c_str(), O_WRONLY | O_CREAT, 0644));
  const auto name = "/dev/fd/" + std::to_string(held.number());
  ASSERT_TRUE(write_file(name, Bytes{1}).ok());
  ASSERT_TRUE(write_file(name, Bytes{2}).ok());
  EXPECT_EQ(*read_file(folder / "a"), (Bytes{1, 2}));
  EXPECT_EQ(write_secret_file(name, Bytes{3}).error().fault, Fault::storage_failed);
  EXPECT_EQ(*read_file(folder / "a"), (Bytes{1, 2})) << "its mode is 0644";
}

TEST(WriteFile, WritesWhereTheProcessItselfGoesOnWriting) {
  const TemporaryFolder folder;
  const Descriptor held(::open((folder / "a").c_str(), O_WRONLY | O_CREAT, 0644));
  ASSERT_TRUE(write_file("/dev/fd/" + std::to_string(held.number()), Bytes{1, 2}).ok());
  ASSERT_TRUE(write_all(held, "a", Bytes{3}).ok());
  EXPECT_EQ(*read_file(folder / "a"), (Bytes{1, 2, 3}));
}

TEST(WriteFile, RefusesWhatIsHeldForReadingOnly) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a", Bytes{1}).ok());
  const Descriptor held(::open((folder / "a").c_str(), O_RDONLY));
  const auto name = "/dev/fd/" + std::to_string(held.number());
  EXPECT_EQ(write_file(name, Bytes{2}).error().fault, Fault::storage_failed);
  EXPECT_EQ(*read_file(folder / "a"), Bytes{1});
}

TEST(WriteFile, FollowsNoLinkThatTakesThePlaceOfAPipeMeanwhile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "victim", Bytes()).ok());
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const Descriptor reader(::open((folder / "pipe").c_str(), O_RDWR | O_NONBLOCK));
  std::atomic<bool> done = false;
  std::thread attacker([&] {
    while (!done) {
      EXPECT_EQ(::link((folder / "pipe").c_str(), (folder / "next").c_str()), 0);
      EXPECT_EQ(std::rename((folder / "next").c_str(), (folder / "out").c_str()), 0);
      ::unlink((folder / "next").c_str());  // "out" was the pipe already
      EXPECT_EQ(::symlink((folder / "victim").c_str(), (folder / "next").c_str()), 0);
      EXPECT_EQ(std::rename((folder / "next").c_str(), (folder / "out").c_str()), 0);
    }
  });
  for (int tried = 0; tried < 20000; ++tried) (void)write_file(folder / "out", Bytes{1});
  done = true;
  attacker.join();
  EXPECT_EQ(*read_file(folder / "victim"), Bytes());
}

TEST(IsStandardOutput, KnowsItByAnyOfItsNames) {
  const TemporaryFolder folder;
  EXPECT_TRUE(is_standard_output("/dev/stdout"));
  EXPECT_TRUE(is_standard_output("/dev/fd/1"));
  EXPECT_TRUE(is_standard_output("/proc/self/fd/1"));
  const Descriptor same(::dup(STDOUT_FILENO));
  EXPECT_TRUE(is_standard_output("/dev/fd/" + std::to_string(same.number())));
  const Descriptor other(::open((folder / "a").c_str(), O_WRONLY | O_CREAT, 0644));
  EXPECT_FALSE(is_standard_output("/dev/fd/" + std::to_string(other.number())));
  EXPECT_FALSE(is_standard_output(folder / "a"));
  EXPECT_FALSE(is_standard_output(folder / "absent"));
}

TEST(WriteFile, FollowsNoLinkIntoWhatIsHeldOpen) {
  const TemporaryFolder folder;
  const Descriptor held(::open((folder / "a").c_str(), O_WRONLY | O_CREAT, 0644));
  const auto name = "/proc/self/fd/" + std::to_string(held.number());
  ASSERT_EQ(::symlink(name.c_str(), (folder / "link").c_str()), 0);
  ASSERT_TRUE(write_file(folder / "link", Bytes{1}).ok());
  EXPECT_EQ(*read_file(folder / "a"), Bytes());
}

TEST(WriteFile, RefusesAFolderAndASecretForAPipeThatItFound) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const Descriptor reader(::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK));
  EXPECT_EQ(write_secret_file(folder / "pipe", Bytes{1}).error().fault, Fault::storage_failed);
  EXPECT_EQ(write_file(folder.path().string(), Bytes{1}).error().fault, Fault::storage_failed);
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
}

TEST(WriteFile, TakesASecretForAPipeThatItWasGiven) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const auto name = "/proc/self/fd/" + std::to_string(writer.number());
  ASSERT_TRUE(write_secret_file(name, Bytes{7}).ok());
  std::uint8_t octet = 0;
  EXPECT_EQ(::read(reader.number(), &octet, 1), 1);
  EXPECT_EQ(octet, 7);
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
