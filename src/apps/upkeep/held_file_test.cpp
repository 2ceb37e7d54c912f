#include "apps/upkeep/held_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "adapters/files/file.h"
#include "support/backup_scene.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;

/// What one that was killed leaves beside its place.
class BackupRemains : public BackupScene {};

TEST_F(BackupRemains, RemovesWhatOneThatWasKilledHadLeftAndSaysSo) {
  const std::string left = saved + ".a1B2c3.new";
  const std::vector<std::string> all{left, left + ".of.XyZ789.new",
                                     left + ".of.XyZ789.new-journal"};
  for (const auto& name : all) ASSERT_TRUE(files::write_file(name, as_bytes("left")).ok());
  EXPECT_THAT(unwrap(save()).removed, ::testing::UnorderedElementsAreArray(all));
  EXPECT_EQ(beside("."), std::vector<std::string>{});
  EXPECT_EQ(unwrap(save()).removed, std::vector<std::string>{});
}

TEST_F(BackupRemains, LeavesFilesThatOnlyLookLikeThoseOfAKilledOne) {
  const std::vector<std::string> others{".a1B2c3.new2",
                                        ".a1B2c.new",
                                        ".a1B2-3.new",
                                        "2.a1B2c3.new",
                                        ".a1B2c3.old",
                                        ".new",
                                        ".d4E5f6.new.of.XyZ789.new"};
  for (const auto& end : others)
    ASSERT_TRUE(files::write_file(saved + end, as_bytes("other")).ok());
  const auto other = folder / "other";
  ASSERT_TRUE(files::write_file(other, as_bytes("other")).ok());
  fs::create_symlink(other, saved + ".b1B2c3.new");
  ASSERT_EQ(::mkfifo((saved + ".c1B2c3.new").c_str(), 0600), 0);
  EXPECT_EQ(unwrap(save()).removed, std::vector<std::string>{});
  for (const auto& end : others) EXPECT_TRUE(fs::exists(saved + end)) << end;
  EXPECT_TRUE(fs::is_symlink(saved + ".b1B2c3.new"));
  EXPECT_TRUE(fs::is_fifo(saved + ".c1B2c3.new"));
}

TEST_F(BackupRemains, LeavesTheFilesOfAnotherThatIsStillWriting) {
  const auto second = [&] {
    return make_backup(authority(), saved, passphrase, {clock, crypto::system_random(), silent});
  };
  std::vector<std::string> of_first;
  AtTheStart meanwhile([&] {
    of_first = beside(".");
    EXPECT_EQ(unwrap(second()).removed, std::vector<std::string>{});
    EXPECT_EQ(beside("."), of_first);
  });
  unwrap(make_backup(authority(), saved, passphrase, {clock, meanwhile, silent}));
  EXPECT_EQ(of_first.size(), 2U);
  EXPECT_EQ(beside("."), std::vector<std::string>{});
}

TEST_F(BackupRemains, ThatIsKilledLeavesWhatTheNextOneRemoves) {
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    AtTheStart dying([] { ::kill(::getpid(), SIGKILL); });
    (void)make_backup(authority(), saved, passphrase, {clock, dying, silent});
    ::_exit(1);
  }
  int ended = 0;
  ASSERT_EQ(::waitpid(child, &ended, 0), child);
  ASSERT_TRUE(WIFSIGNALED(ended));
  const auto left = beside(".");
  EXPECT_EQ(left.size(), 2U);
  EXPECT_THAT(unwrap(save()).removed, ::testing::UnorderedElementsAreArray(left));
  EXPECT_EQ(beside("."), std::vector<std::string>{});
}

TEST_F(BackupRemains, HasNoCopyOfTheStoreAnyMoreWhenItTakesItsPlace) {
  std::vector<std::size_t> left;
  AtEachPiece looking([&] { left.push_back(beside(".").size()); });
  unwrap(make_backup(authority(), saved, passphrase, {clock, looking, silent}));
  EXPECT_EQ(left.front(), 2U);
  EXPECT_EQ(left.back(), 1U) << "killed from here on, nothing would tell whose copy it is";
}

}  // namespace
}  // namespace signet::tool
