#include "apps/upkeep/folder_contents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "adapters/files/file.h"
#include "support/backup_scene.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// What is in a backup, and what is not.
class BackupContents : public BackupScene {};

TEST_F(BackupContents, FollowsNoLinkAndNamesEach) {
  const auto secret = folder / "shadow";
  ASSERT_TRUE(files::write_file(secret, as_bytes("root's alone")).ok());
  fs::create_directories(folder / "outside");
  ASSERT_TRUE(files::write_file(folder / "outside/more", as_bytes("root's alone")).ok());
  const std::vector<std::string> links{wanted.directory + "/more", wanted.directory + "/nowhere",
                                       wanted.directory + "/profiles/notes.txt"};
  fs::create_symlink(folder / "outside", links[0]);
  fs::create_symlink(folder / "absent", links[1]);
  fs::create_symlink(secret, links[2]);
  const auto report = unwrap(save());
  EXPECT_EQ(report.elsewhere, links);
  for (const auto& name : report.files) EXPECT_FALSE(name.starts_with("more")) << name;
  EXPECT_EQ(unwrap(restore()).backup.elsewhere, links);
  EXPECT_FALSE(fs::exists(folder / "again/profiles/notes.txt"));
  EXPECT_FALSE(fs::exists(folder / "again/more"));
}

TEST_F(BackupContents, TakesNoFileThatHasAnotherName) {
  const auto secret = folder / "shadow";
  ASSERT_TRUE(files::write_file(secret, as_bytes("root's alone")).ok());
  const auto planted = wanted.directory + "/notes.txt";
  fs::create_hard_link(secret, planted);
  const auto report = unwrap(save());
  EXPECT_THAT(report.elsewhere, ElementsAre(planted));
  EXPECT_THAT(report.files, Not(Contains("notes.txt")));
  fs::remove(secret);
  EXPECT_THAT(unwrap(save()).files, Contains("notes.txt")) << "its only name now";
}

TEST_F(BackupContents, TakesNoNameThatIsNoUtf8AndGoesOn) {
  const auto bad = wanted.directory + "/bad\xff.txt";
  ASSERT_TRUE(files::write_file(bad, as_bytes("anything")).ok());
  EXPECT_THAT(unwrap(save()).elsewhere, ElementsAre(bad));
  EXPECT_THAT(unwrap(restore()).backup.elsewhere, ElementsAre(HasSubstr("/bad\uFFFD.txt")));
}

TEST_F(BackupContents, CannotBeMoreLeftOutThanItCanName) {
  const std::string name(250, 'x');
  for (int number = 0; number < 400; ++number) {
    fs::create_symlink("nowhere", wanted.directory + "/" + name + std::to_string(number));
  }
  const auto refused = save();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
  EXPECT_THAT(refused.error().detail, HasSubstr("so many links"));
  EXPECT_FALSE(fs::exists(saved));
}

TEST_F(BackupContents, AreWhatTheyWereSaidToBe) {
  AtTheStart linking([&] { fs::create_symlink(folder / "absent", wanted.directory + "/more"); });
  const auto made = make_backup(authority(), saved, passphrase, {clock, linking, silent});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::busy);
  EXPECT_FALSE(fs::exists(saved));
}

/// A folder with a file in it, and what takes their places once they were listed.
class ListedContents : public BackupContents {
 protected:
  ListedContents() {
    fs::create_directories(folder / "outside");
    EXPECT_TRUE(files::write_file(target, as_bytes("root's alone")).ok());
    fs::create_directories(wanted.directory + "/kept");
    EXPECT_TRUE(files::write_file(file, as_bytes("its own")).ok());
    // Before it in the order of names, and longer than what is sealed at once.
    const Bytes first(2 * 1024 * 1024 + 1, 1);
    EXPECT_TRUE(files::write_file(wanted.directory + "/a-first", first).ok());
  }
  /// Of a backup in which `swap` comes between listing and reading.
  Result<BackupReport> save_with(const std::function<void()>& swap) {
    bool done = false;
    AtEachPiece swapping([&] {
      const bool is_listed = beside(".").size() == 1;  // the copy of the store is gone before
      if (is_listed && !std::exchange(done, true)) swap();
    });
    auto made = make_backup(authority(), saved, passphrase, {clock, swapping, silent});
    EXPECT_TRUE(done);
    return made;
  }
  void expect_refused(const std::function<void()>& swap, const std::string& words) {
    const auto made = save_with(swap);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().fault, Fault::storage_failed);
    EXPECT_THAT(made.error().detail, HasSubstr(words));
    EXPECT_FALSE(fs::exists(saved));
  }

  std::string target = folder / "outside/notes.txt";
  std::string file = wanted.directory + "/kept/notes.txt";
};

TEST_F(ListedContents, AreReadWhereNothingTookTheirPlace) {
  EXPECT_THAT(unwrap(save_with([] {})).files, Contains("kept/notes.txt"));
}

TEST_F(ListedContents, AreNotReadThroughALinkThatTookAFilesPlace) {
  expect_refused(
      [&] {
        fs::remove(file);
        fs::create_symlink(target, file);
      },
      "cannot read " + file);
}

TEST_F(ListedContents, AreNotReadThroughALinkThatTookAFoldersPlace) {
  expect_refused(
      [&] {
        fs::remove_all(wanted.directory + "/kept");
        fs::create_directory_symlink(folder / "outside", wanted.directory + "/kept");
      },
      "cannot read " + file);
}

TEST_F(ListedContents, AreNotReadFromAPipeNorIsItWaitedFor) {
  expect_refused(
      [&] {
        fs::remove(file);
        ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
      },
      file + " is no file any more");
}

TEST_F(ListedContents, AreNotReadOfAFileThatHasAnotherName) {
  expect_refused(
      [&] {
        fs::remove(file);
        fs::create_hard_link(target, file);
      },
      "has another name by now");
}

TEST_F(BackupContents, HoldNoPipe) {
  ASSERT_EQ(::mkfifo((wanted.directory + "/pipe").c_str(), 0600), 0);
  EXPECT_THAT(unwrap(save()).files, Not(Contains("pipe")));
}

TEST_F(BackupContents, LeavesOutTheFilesOfTheStoreByTheirExactNames) {
  const std::vector<std::string> namesakes{"old-store.db", "store.db-kept", "store.db-wal.txt",
                                           "store.db.old", "profiles/store.db"};
  for (const auto& name : namesakes) {
    ASSERT_TRUE(files::write_file(wanted.directory + "/" + name, as_bytes(name)).ok());
  }
  const auto open = unwrap(open_store(authority()));
  publish(2);  // while it is open, there are -wal and -shm
  ASSERT_TRUE(fs::exists(wanted.directory + "/store.db-wal"));
  const auto names = unwrap(save()).files;
  for (const auto& name : namesakes) EXPECT_THAT(names, Contains(name));
  for (const auto* name : {"store.db-wal", "store.db-shm"}) {
    EXPECT_THAT(names, Not(Contains(name)));
  }
  EXPECT_EQ(std::count(names.begin(), names.end(), "store.db"), 1) << "the copy alone";
}

TEST_F(BackupContents, CopiesTheStoreIntoAFileThatIsItsOwnersAloneAndWasNobodysBefore) {
  struct stat seen {};
  AtTheStart looking([&] {
    auto copy = beside(".");
    std::erase_if(copy, [](const auto& name) { return name.find(".of.") == std::string::npos; });
    ASSERT_EQ(copy.size(), 1U);
    ASSERT_EQ(::stat(copy.front().c_str(), &seen), 0);
  });
  const auto before = ::umask(0);
  const auto made = make_backup(authority(), saved, passphrase, {clock, looking, silent});
  ::umask(before);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(seen.st_mode & 0777U, 0600U);
  EXPECT_GT(seen.st_size, 4096) << "the store was in it by then";
  EXPECT_EQ(beside("."), std::vector<std::string>{});
}

}  // namespace
}  // namespace signet::tool
