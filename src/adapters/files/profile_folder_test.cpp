#include "adapters/files/profile_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace signet::files {
namespace {

namespace fs = std::filesystem;
using store::ProfileFile;

class ProfileFolder : public ::testing::Test {
 protected:
  ProfileFolder() {
    write("caB.cfg", "b");
    write("caA.cfg", "a");
    write("notes.txt", "none of ours");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  [[nodiscard]] std::string look() const { return look_of_profile_folder(folder / ""); }

  test::TemporaryFolder folder;
};

TEST_F(ProfileFolder, ReadsTheCfgFilesByName) {
  const auto read = read_profile_folder(folder / "");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, (std::vector<ProfileFile>{{"caA.cfg", "a"}, {"caB.cfg", "b"}}));
}

TEST_F(ProfileFolder, SaysWhyItCannotBeRead) {
  const auto read = read_profile_folder(folder / "none");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::bad_configuration);
  EXPECT_THAT(read.error().detail, testing::HasSubstr("none: No such file"));
  EXPECT_EQ(look_of_profile_folder(folder / "none"), read.error().detail);
}

TEST_F(ProfileFolder, PassesOverWhatEditorsKeepThere) {
  const auto before = look();
  fs::create_symlink("editor@host.4711", folder / ".#caA.cfg");
  write(".caB.cfg", "half of b");
  EXPECT_EQ(look(), before);
  EXPECT_EQ(read_profile_folder(folder / "")->size(), 2U);
  EXPECT_EQ(*profile_files(folder / ""),
            (std::vector<fs::path>{folder / "caA.cfg", folder / "caB.cfg"}));
}

TEST_F(ProfileFolder, DoesNotWaitForAPipeNorPassOverALinkToNothing) {
  ASSERT_EQ(::mkfifo((folder / "caC.cfg").c_str(), 0600), 0);
  EXPECT_EQ(read_profile_folder(folder / "").error().fault, Fault::bad_configuration);
  fs::remove(folder / "caC.cfg");
  fs::create_symlink("nothing", folder / "caC.cfg");
  EXPECT_EQ(read_profile_folder(folder / "").error().fault, Fault::bad_configuration);
}

TEST_F(ProfileFolder, LooksTheSameWhileNoProfileChanges) {
  const auto before = look();
  write("notes.txt", "still none of ours");
  EXPECT_EQ(look(), before);
}

TEST_F(ProfileFolder, LooksDifferentWhenOneComesOrGoesOrIsWritten) {
  const auto before = look();
  write("caA.cfg", "longer");
  const auto written = look();
  EXPECT_NE(written, before);
  write("caC.cfg", "c");
  const auto more = look();
  EXPECT_NE(more, written);
  fs::remove(folder / "caC.cfg");
  EXPECT_EQ(look(), written);
  fs::rename(folder / "caB.cfg", folder / "caD.cfg");
  EXPECT_NE(look(), written);
}

TEST_F(ProfileFolder, LooksDifferentWhenAnotherFileOfTheSameSizeAndTimeTakesItsPlace) {
  const auto before = look();
  write("aside", "x");
  fs::last_write_time(folder / "aside", fs::last_write_time(folder / "caA.cfg"));
  fs::rename(folder / "aside", folder / "caA.cfg");
  EXPECT_NE(look(), before);
}

}  // namespace
}  // namespace signet::files
