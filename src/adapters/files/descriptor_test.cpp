#include "adapters/files/descriptor.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace signet::files {
namespace {

/// A folder with `kept/notes.txt` in it, and another with `notes.txt`.
class OpenedAsItIs : public ::testing::Test {
 protected:
  OpenedAsItIs() {
    for (const auto& in : {inside, outside}) {
      std::filesystem::create_directories(in);
      std::ofstream(in + "/notes.txt") << "notes";
    }
  }
  [[nodiscard]] bool opens() const { return open_below(begin, "kept/notes.txt").is_open(); }

  test::TemporaryFolder folder;
  const std::string begin = folder / "begin";
  const std::string inside = begin + "/kept";
  const std::string outside = folder / "outside";
};

TEST_F(OpenedAsItIs, IsAFileBelowAFolder) {
  EXPECT_TRUE(opens());
  EXPECT_FALSE(open_below(begin, "kept/other").is_open());
  std::filesystem::create_directory_symlink(begin, folder / "link");
  EXPECT_TRUE(open_below(folder / "link", "kept/notes.txt").is_open()) << "where it begins";
}

TEST_F(OpenedAsItIs, IsNoLinkNorBehindOne) {
  std::filesystem::remove(inside + "/notes.txt");
  std::filesystem::create_symlink(outside + "/notes.txt", inside + "/notes.txt");
  EXPECT_FALSE(opens());
  EXPECT_FALSE(open_as_it_is(inside + "/notes.txt").is_open());
  EXPECT_TRUE(open_as_it_is(outside + "/notes.txt").is_open());
  std::filesystem::remove_all(inside);
  std::filesystem::create_directory_symlink(outside, inside);
  EXPECT_FALSE(opens());
}

TEST_F(OpenedAsItIs, IsAPipeThatIsNotWaitedFor) {
  std::filesystem::remove(inside + "/notes.txt");
  ASSERT_EQ(::mkfifo((inside + "/notes.txt").c_str(), 0600), 0);
  EXPECT_TRUE(opens());
  EXPECT_TRUE(open_as_it_is(inside + "/notes.txt").is_open());
}

}  // namespace
}  // namespace signet::files
