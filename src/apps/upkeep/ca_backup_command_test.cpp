#include "apps/upkeep/ca_backup_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "apps/tool/command_line.h"
#include "support/backup_scene.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::Not;

/// As long as it lives, this process is not root, and what lies there belongs to who it is.
class NotRoot {
 public:
  explicit NotRoot(const fs::path& folder) {
    if (!was_root_) return;
    EXPECT_EQ(::chown(folder.c_str(), kNobody, kNobody), 0);
    for (const auto& each : fs::recursive_directory_iterator(folder)) {
      EXPECT_EQ(::chown(each.path().c_str(), kNobody, kNobody), 0);
    }
    EXPECT_EQ(::seteuid(kNobody), 0);
  }
  ~NotRoot() {
    if (!was_root_) return;
    EXPECT_EQ(::seteuid(0), 0);
  }
  NotRoot(const NotRoot&) = delete;
  NotRoot& operator=(const NotRoot&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  bool was_root_ = ::geteuid() == 0;
};

class CaBackup : public BackupScene {
 protected:
  CaBackup() { std::ofstream(folder / "passphrase") << "a passphrase of some length\n"; }
  int backup(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"signet",   "backup", "--directory",       wanted.directory,
                                 "--output", saved,    "--passphrase-file", folder / "passphrase"};
    all.insert(all.end(), more.begin(), more.end());
    std::vector<const char*> words;
    for (const auto& word : all) words.push_back(word.c_str());
    const Surroundings surroundings{.clock = clock, .random = crypto::system_random(), .post = {}};
    return run_command_line(
        static_cast<int>(words.size()), words.data(), {.out = out, .err = err},
        [&](auto& app, auto& context) { add_ca_backup_commands(app, context, surroundings); });
  }
  [[nodiscard]] std::string recorded() const {
    std::ifstream journal(wanted.directory + "/operator.jsonl");
    return {std::istreambuf_iterator<char>(journal), {}};
  }

  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(CaBackup, IsOnRecord) {
  EXPECT_EQ(backup(), 0) << err.str();
  EXPECT_THAT(recorded(), AllOf(HasSubstr("AUTHORITY_BACKUP"), Not(HasSubstr("not done"))));
}

TEST_F(CaBackup, OfAFolderThatCannotBeLookedIntoIsOnRecordAsNotDone) {
  const auto closed = wanted.directory + "/closed";
  fs::create_directory(closed);
  {
    const NotRoot user(folder.path());
    fs::permissions(closed, fs::perms::none);
    EXPECT_EQ(backup(), 1);
    fs::permissions(closed, fs::perms::owner_all);
  }
  EXPECT_THAT(err.str(), HasSubstr("cannot look into " + closed + ": Permission denied"));
  EXPECT_THAT(recorded(), HasSubstr("not done: cannot look into " + closed));
  EXPECT_FALSE(fs::exists(saved));
}

TEST_F(CaBackup, ShowsANameThatIsNoUtf8) {
  std::ofstream(wanted.directory + "/bad\xff.txt") << "anything";
  EXPECT_EQ(backup({"--json"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("/bad\uFFFD.txt"));
}

}  // namespace
}  // namespace signet::tool
