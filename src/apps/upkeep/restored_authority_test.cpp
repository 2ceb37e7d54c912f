#include "apps/upkeep/restored_authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "adapters/files/file.h"
#include "apps/tool/read_json.h"
#include "support/backup_scene.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;
using ::testing::HasSubstr;

/// A backup that comes back, or does not.
class RestoredBackup : public BackupScene {};

TEST_F(RestoredBackup, WhoseSettingsNameFilesOutsideIsNotRestored) {
  const auto settings = unwrap(files::read_file(wanted.directory + "/signetd.toml"));
  const std::string text(as_text(settings));
  const std::string setting = "\"tls.pem\"";
  ASSERT_NE(text.find(setting), std::string::npos);
  for (const auto& elsewhere : {wanted.directory + "/tls.pem", std::string("../ca/tls.pem")}) {
    auto changed = text;
    changed.replace(text.find(setting), setting.size(), "\"" + elsewhere + "\"");
    ASSERT_TRUE(files::write_file(wanted.directory + "/signetd.toml", as_bytes(changed)).ok());
    unwrap(save());
    const auto restored = restore();
    expect_nothing_restored(restored, Fault::bad_configuration);
    EXPECT_THAT(restored.error().detail, HasSubstr("make the paths in it relative"));
  }
}

TEST_F(RestoredBackup, WhoseSettingsNameTheirFolderIsRestoredToIt) {
  auto text = std::string(as_text(unwrap(files::read_file(wanted.directory + "/signetd.toml"))));
  for (const std::string name : {"ca.key", "tls.pem", "store.db", "audit.jsonl"}) {
    const auto setting = "\"" + name + "\"";
    ASSERT_NE(text.find(setting), std::string::npos);
    text.replace(text.find(setting), setting.size(), "\"" + wanted.directory + "/" + name + "\"");
  }
  ASSERT_TRUE(files::write_file(wanted.directory + "/signetd.toml", as_bytes(text)).ok());
  unwrap(save());
  expect_nothing_restored(restore(), Fault::bad_configuration);
  fs::rename(wanted.directory, folder / "lost");
  const auto report =
      unwrap(restore_backup({saved, wanted.directory, {}}, passphrase, clock, silent));
  EXPECT_THAT(report.unchecked, ::testing::IsEmpty());
  EXPECT_TRUE(open_store(authority()).ok());
}

TEST_F(RestoredBackup, WithoutAFileThatLiesOutsideIsRestoredBesideIt) {
  const auto outside = folder / "outside.key";
  fs::rename(wanted.directory + "/tls.key", outside);
  auto text = std::string(as_text(unwrap(files::read_file(wanted.directory + "/signetd.toml"))));
  const std::string setting = "\"tls.key\"";
  text.replace(text.find(setting), setting.size(), "\"" + outside + "\"");
  ASSERT_TRUE(files::write_file(wanted.directory + "/signetd.toml", as_bytes(text)).ok());
  EXPECT_THAT(unwrap(save()).elsewhere, ::testing::ElementsAre(outside));
  EXPECT_THAT(unwrap(restore()).unchecked, ::testing::IsEmpty());
  fs::remove(outside);
  fs::remove_all(folder / "again");
  EXPECT_THAT(unwrap(restore()).unchecked, ::testing::ElementsAre(outside));
}

/// A backup as an earlier version may have made it: without what a link led to.
class EarlierBackup : public RestoredBackup {
 protected:
  /// The one that is saved, written anew with another head and without these files.
  void write_anew(const std::function<void(Json&)>& change_head,
                  const std::vector<std::string>& without) {
    const auto reader = unwrap(SealedReader::open(saved, passphrase));
    const auto path = folder / "anew";
    const auto writer = unwrap(SealedWriter::create(unwrap(files::Replacement::beside(path)), path,
                                                    passphrase, crypto::system_random()));
    auto head = unwrap(read_json_object(unwrap(reader->read_line())));
    change_head(head);
    ASSERT_TRUE(writer->write_line(head.dump()).ok());
    while (!unwrap(reader->at_end())) {
      const auto line = unwrap(reader->read_line());
      const auto entry = unwrap(read_json_object(line));
      const auto octets = unwrap(reader->read(entry.value("size", std::size_t{0})));
      const auto name = entry.value("name", "");
      if (std::find(without.begin(), without.end(), name) != without.end()) continue;
      ASSERT_TRUE(writer->write_line(line).ok());
      ASSERT_TRUE(writer->write(octets).ok());
    }
    ASSERT_TRUE(writer->finish().ok());
    fs::rename(path, saved);
  }
  void expect_refused(const std::string& words) {
    const auto restored = restore();
    expect_nothing_restored(restored, Fault::bad_configuration);
    if (!restored.ok()) {
      EXPECT_THAT(restored.error().detail, HasSubstr(words));
      EXPECT_THAT(restored.error().detail, HasSubstr("restore another backup"));
    }
  }
  [[nodiscard]] std::string in_folder(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  [[nodiscard]] std::function<void(Json&)> naming(const std::string& left_out) const {
    return [path = in_folder(left_out)](Json& head) { head["elsewhere"] = {path}; };
  }
  /// Where the version did not say which folder it was.
  [[nodiscard]] std::function<void(Json&)> naming_of_old(const std::string& left_out) const {
    return [path = in_folder(left_out)](Json& head) {
      head["elsewhere"] = {path};
      head.erase("directory");
    };
  }
};

TEST_F(EarlierBackup, WhoseRollOverWasLeftOutIsNoOtherAuthority) {
  roll_over();
  unwrap(save());
  write_anew(naming_of_old("generations"), {"generations"});
  expect_refused("generations is not in the backup");
  unwrap(save());
  write_anew(naming("generations"), {"generations"});
  expect_refused("generations is not in the backup");
}

TEST_F(EarlierBackup, ThatHadNoRollOverIsRestored) {
  unwrap(save());
  write_anew([](Json& head) { head.erase("directory"); }, {});
  EXPECT_TRUE(restore().ok());
}

TEST_F(EarlierBackup, IsRestoredWhereWhatWasLeftOutOnlyHasTheSameName) {
  unwrap(save());
  write_anew(naming("profiles/generations"), {});
  EXPECT_TRUE(restore().ok());
}

TEST_F(EarlierBackup, WhoseJournalWasBehindALinkIsNotWithoutItsPast) {
  fs::create_directories(in_folder("log"));
  fs::rename(in_folder("audit.jsonl"), in_folder("log/audit.jsonl"));
  set("\"audit.jsonl\"", "\"log/audit.jsonl\"");
  unwrap(save());
  const auto good = unwrap(files::read_file(saved));
  for (const auto& head : {naming("log"), naming_of_old("log"), naming("log/audit.jsonl")}) {
    ASSERT_TRUE(files::write_file(saved, good).ok());
    write_anew(head, {"log/audit.jsonl"});
    expect_refused("log/audit.jsonl is not in the backup");
  }
}

TEST_F(EarlierBackup, WithoutACertificateOfTheAuthorityIsNone) {
  roll_over();
  unwrap(save());
  const auto good = unwrap(files::read_file(saved));
  for (const std::string name : {"ca.pem", "ca-2.pem", "ca-2.cross.pem"}) {
    ASSERT_TRUE(files::write_file(saved, good).ok());
    write_anew([](Json&) {}, {name, "ca.key", "ca-2.key"});  // as where a token has the keys
    expect_refused(name + " is not in the backup");
  }
}

TEST_F(EarlierBackup, WithoutKeysNamesThem) {
  unwrap(save());
  write_anew(naming("ca.key"), {"ca.key", "store.key"});
  EXPECT_THAT(unwrap(restore()).unchecked,
              ::testing::UnorderedElementsAre(HasSubstr("/ca.key"), HasSubstr("/store.key")));
}

TEST_F(RestoredBackup, LetsCrlNumbersGoOnAfterThoseThatMayHaveBeenPublished) {
  unwrap(save());
  clock.advance(std::chrono::hours{1});
  const auto report = unwrap(restore());
  EXPECT_EQ(report.crl_number, 1 + 3600 * 1000U);
}

TEST_F(RestoredBackup, LetsCrlNumbersGoOnAfterTheOneThatIsKnown) {
  unwrap(save());
  EXPECT_EQ(unwrap(restore(77)).crl_number, 77U);
}

TEST_F(RestoredBackup, RefusesALastCrlNumberThatTheBackupIsBeyond) {
  publish(2);
  unwrap(save());
  expect_nothing_restored(restore(1), Fault::bad_configuration);
}

TEST_F(RestoredBackup, IsNotRestoredOverAnything) {
  unwrap(save());
  fs::create_directories(folder / "again/something");
  EXPECT_EQ(restore().error().fault, Fault::bad_configuration);
  fs::remove(folder / "again/something");
  EXPECT_TRUE(restore().ok()) << "an empty folder will do";
}

TEST_F(RestoredBackup, OfAJournalThatDoesNotHoldComesBackAsItIsAndSaysSo) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text[text.size() / 3] ^= 1;
  ASSERT_TRUE(files::write_file(journal, text).ok());
  const auto said = ::testing::ElementsAre(HasSubstr("audit.jsonl does not hold from line "));
  EXPECT_THAT(unwrap(save()).broken_journals, said);
  EXPECT_THAT(unwrap(restore()).backup.broken_journals, said);
  EXPECT_EQ(unwrap(files::read_file(folder / "again/audit.jsonl")), text);
}

TEST_F(RestoredBackup, FindsNothingBrokenInAJournalThatIsBeingWritten) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text.resize(text.size() - 5);
  ASSERT_TRUE(files::write_file(journal, text).ok());
  EXPECT_THAT(unwrap(save()).broken_journals, ::testing::IsEmpty());
  EXPECT_TRUE(restore().ok());
}

TEST_F(RestoredBackup, WhoseJournalCannotBeGoneOnWithIsNotRestored) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text[text.size() - 100] ^= 1;
  ASSERT_TRUE(files::write_file(journal, text).ok());
  unwrap(save());
  expect_nothing_restored(restore(), Fault::malformed);
}

TEST_F(RestoredBackup, OfKeysThatAreNotThoseOfTheirCertificatesIsNotRestored) {
  const auto key = wanted.directory + "/ca.key";
  const auto other = unwrap(files::read_file(wanted.directory + "/agent.key"));
  // It became another one after the look at it, unseen.
  AtTheStart changing([&] {
    const auto changed_at = fs::last_write_time(key);
    std::ofstream(key, std::ios::binary) << as_text(other);
    fs::last_write_time(key, changed_at);
  });
  unwrap(make_backup(authority(), saved, passphrase, {clock, changing, silent}));
  expect_nothing_restored(restore(), Fault::bad_configuration);
}

TEST_F(RestoredBackup, IsRestoredBesideWhatBearsANameLikeItsOwn) {
  unwrap(save());
  const auto other = (folder / "again") + ".restoring";
  fs::create_directories(other + "/precious");
  fs::create_directories(other + ".a1B2c3");
  const auto report = unwrap(restore());
  EXPECT_THAT(report.left, ::testing::ElementsAre(other, other + ".a1B2c3"));
  EXPECT_TRUE(fs::exists(other + "/precious"));
  EXPECT_EQ(fs::status(folder / "again").permissions(), fs::perms::owner_all);
}

TEST_F(RestoredBackup, ThatWasCutOffIsRefused) {
  unwrap(save());
  auto octets = unwrap(files::read_file(saved));
  octets.resize(octets.size() / 2);
  ASSERT_TRUE(files::write_file(saved, octets).ok());
  expect_nothing_restored(restore(), Fault::malformed);
}

}  // namespace
}  // namespace signet::tool
