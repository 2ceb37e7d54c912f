#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/folder/new_authority.h"
#include "apps/upkeep/backup.h"
#include "apps/upkeep/rollover.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {

/// Randomness that does something when it is first asked: at the start of the sealed stream, when
/// the store was copied and no other file.
class AtTheStart final : public RandomSource {
 public:
  explicit AtTheStart(std::function<void()> what) : what_(std::move(what)) {}
  Result<void> fill(std::span<std::uint8_t> octets) override {
    if (what_) std::exchange(what_, {})();
    return crypto::system_random().fill(octets);
  }

 private:
  std::function<void()> what_;
};

/// Randomness that tells when it is asked: at the start of the sealed stream, and for each piece.
class AtEachPiece final : public RandomSource {
 public:
  explicit AtEachPiece(std::function<void()> what) : what_(std::move(what)) {}
  Result<void> fill(std::span<std::uint8_t> octets) override {
    what_();
    return crypto::system_random().fill(octets);
  }

 private:
  std::function<void()> what_;
};

/// An authority in a folder, its backup in `saved`, and what comes back in `again`.
class BackupScene : public ::testing::Test {
 protected:
  BackupScene() {
    wanted.directory = folder / "ca";
    wanted.profiles = test::source_folder() + "/profiles";
    test::unwrap(make_authority(wanted, clock));
    publish(1);
  }
  void publish(std::uint64_t number) {
    const auto commit = test::crl_commit(number);
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(test::unwrap(open_store(authority()))->apply(batch, journal).front().durable());
  }
  /// Another value in the place of a setting of signetd.toml, as both stand there.
  void set(const std::string& value, const std::string& other) const {
    const auto file = wanted.directory + "/signetd.toml";
    std::string text(as_text(test::unwrap(files::read_file(file))));
    ASSERT_NE(text.find(value), std::string::npos) << value;
    text.replace(text.find(value), value.size(), other);
    ASSERT_TRUE(files::write_file(file, as_bytes(text)).ok());
  }
  /// What stands there goes to `moved`, and a link to it takes its place.
  void replace_by_link(const std::string& place) const {
    std::filesystem::rename(place, folder / "moved");
    std::filesystem::create_symlink(folder / "moved", place);
  }
  void bring_back(const std::string& place) const {
    std::filesystem::remove(place);
    std::filesystem::rename(folder / "moved", place);
  }
  void roll_over() const {
    const auto of = authority();
    test::unwrap(tool::roll_over(of, test::unwrap(plan_rollover(of, {}, clock)), clock));
  }
  [[nodiscard]] AuthorityFolder authority() const {
    return test::unwrap(read_authority_folder(wanted.directory));
  }
  Result<BackupReport> save() {
    return make_backup(authority(), saved, passphrase, {clock, crypto::system_random(), silent});
  }
  Result<RestoreReport> restore(std::optional<std::uint64_t> last_crl_number = {}) {
    return restore_backup({saved, folder / "again", last_crl_number}, passphrase, clock, silent);
  }
  /// Files whose names go on after the backup's with this.
  [[nodiscard]] std::vector<std::string> beside(const std::string& middle) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.path().string().starts_with(saved + middle)) names.push_back(entry.path());
    }
    return names;
  }
  void expect_nothing_restored(const Result<RestoreReport>& restored, Fault fault) {
    ASSERT_FALSE(restored.ok());
    EXPECT_EQ(restored.error().fault, fault) << restored.error().detail;
    EXPECT_FALSE(std::filesystem::exists(folder / "again"));
    EXPECT_THAT(left_by_restores(folder / "again"), ::testing::IsEmpty());
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  NewAuthority wanted;
  std::string saved = folder / "saved";
  SecretBytes passphrase{std::string_view("a passphrase of some length")};
  std::ostringstream told;
  Progress silent{told, clock, ShowProgress::nowhere};
};

}  // namespace signet::tool
