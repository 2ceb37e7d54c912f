#include "apps/upkeep/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "adapters/files/file.h"
#include "apps/upkeep/service_certificates.h"
#include "support/backup_scene.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;
using ::testing::HasSubstr;

using Backup = BackupScene;

TEST_F(Backup, BringsBackEveryFileWithItsMode) {
  unwrap(save());
  unwrap(restore());
  for (const auto& entry : fs::recursive_directory_iterator(wanted.directory)) {
    const auto name = entry.path().lexically_relative(wanted.directory).string();
    if (!entry.is_regular_file() || name.starts_with("store.db")) continue;
    const auto again = folder / ("again/" + name);
    EXPECT_EQ(unwrap(files::read_file(again)), unwrap(files::read_file(entry.path()))) << name;
    EXPECT_EQ(fs::status(again).permissions(), entry.status().permissions()) << name;
  }
}

TEST_F(Backup, SaysAtATerminalWhatItIsAt) {
  Progress shown(told, clock, ShowProgress::on_terminal);
  unwrap(make_backup(authority(), saved, passphrase, {clock, crypto::system_random(), shown}));
  EXPECT_THAT(told.str(), HasSubstr("copying " + authority().store));
  const RestoreWish wish{saved, folder / "again", {}};
  unwrap(restore_backup(wish, passphrase, clock, shown));
  EXPECT_THAT(told.str(), HasSubstr("checking what came out"));
}

TEST_F(Backup, BringsBackTheStore) {
  const auto before = unwrap(unwrap(open_store(authority()))->find_certificates({}));
  unwrap(save());
  unwrap(restore());
  const auto again = unwrap(read_authority_folder(folder / "again"));
  EXPECT_EQ(unwrap(unwrap(open_store(again))->find_certificates({})), before);
}

TEST_F(Backup, HoldsNothingInTheClear) {
  unwrap(save());
  const auto octets = unwrap(files::read_file(saved));
  for (const auto* words : {"PRIVATE KEY", "ca.key", "Signet CA"}) {
    EXPECT_EQ(as_text(octets).find(words), std::string_view::npos) << words;
  }
}

TEST_F(Backup, NamesWhatLiesElsewhere) {
  auto of = authority();
  of.first.passphrase_file = "/etc/signet/passphrase";
  const auto report =
      unwrap(make_backup(of, saved, passphrase, {clock, crypto::system_random(), silent}));
  EXPECT_EQ(report.elsewhere, std::vector<std::string>{"/etc/signet/passphrase"});
  of.store = "/var/lib/signet/store.db";
  EXPECT_EQ(
      make_backup(of, saved, passphrase, {clock, crypto::system_random(), silent}).error().fault,
      Fault::bad_configuration);
}

TEST_F(Backup, LeavesWhatStandsBesideItsPlace) {
  for (const auto* end : {".new", ".store.new"}) {
    ASSERT_TRUE(files::write_file(saved + end, as_bytes("another's")).ok());
  }
  unwrap(save());
  for (const auto* end : {".new", ".store.new"}) {
    EXPECT_EQ(unwrap(files::read_file(saved + end)), to_bytes("another's"));
  }
}

TEST_F(Backup, LeavesAPipeWhatItIsAndPutsNothingBesideIt) {
  ASSERT_EQ(::mkfifo(saved.c_str(), 0600), 0);
  EXPECT_EQ(save().error().fault, Fault::bad_configuration);
  EXPECT_TRUE(fs::is_fifo(saved));
  EXPECT_EQ(beside("."), std::vector<std::string>{});
}

TEST_F(Backup, IsNoneOfWhatTheProcessHoldsOpen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  saved = "/proc/self/fd/" + std::to_string(ends[1]);
  const auto made = save();
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::bad_configuration);
  EXPECT_THAT(made.error().detail, HasSubstr("is no file"));
}

TEST_F(Backup, SaysOfAServersMemoryThatItCannotBeSaved) {
  const auto settings = unwrap(files::read_file(wanted.directory + "/signetd.toml"));
  std::string text(as_text(settings));
  const std::string engine = "engine = \"sqlite\"\npath = \"store.db\"";
  ASSERT_NE(text.find(engine), std::string::npos);
  text.replace(text.find(engine), engine.size(), "engine = \"memory\"");
  ASSERT_TRUE(files::write_file(wanted.directory + "/signetd.toml", as_bytes(text)).ok());
  const auto refused = save();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().detail, HasSubstr("memory"));
}

TEST_F(Backup, WithoutTheKeysOfTheAuthorityTakesNoOthersPlace) {
  unwrap(save());
  const auto good = unwrap(files::read_file(saved));
  for (const auto* key : {"/ca.key", "/store.key"}) {
    const auto file = wanted.directory + key;
    fs::rename(file, file + ".away");
    const auto refused = save();
    ASSERT_FALSE(refused.ok()) << key;
    EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
    EXPECT_THAT(refused.error().detail, HasSubstr(file + " is not there"));
    fs::rename(file + ".away", file);
  }
  EXPECT_EQ(unwrap(files::read_file(saved)), good);
  fs::remove(wanted.directory + "/agent.key");
  EXPECT_TRUE(save().ok()) << "an agent has it on a machine of his own";
}

TEST_F(Backup, OfAKeyThatIsNotThatOfItsCertificateTakesNoOthersPlace) {
  for (const auto* key : {"/ca.key", "/tls.key"}) {
    const auto file = wanted.directory + key;
    fs::rename(file, file + ".away");
    fs::copy_file(wanted.directory + "/agent.key", file);
    const auto refused = save();
    ASSERT_FALSE(refused.ok()) << key;
    EXPECT_THAT(refused.error().detail, HasSubstr(file + " is not the key of "));
    fs::rename(file + ".away", file);
  }
  EXPECT_TRUE(save().ok());
}

// ------------------------------------------------------------ beside a renewal

TEST_F(Backup, WaitsForARenewalThatIsBetweenKeyAndCertificate) {
  const auto of = authority();
  const auto old = unwrap(files::read_file(of.tls.certificate));
  unwrap(renew_service(of, Service::tls, RenewalKey::fresh, clock));
  fs::rename(of.tls.certificate, of.tls.certificate + ".new");
  ASSERT_TRUE(files::write_file(of.tls.certificate, old).ok());
  const auto refused = save();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::busy);
  EXPECT_THAT(refused.error().detail, HasSubstr("signet ca renew"));
  EXPECT_FALSE(fs::exists(saved));
  unwrap(renew_service(of, Service::tls, RenewalKey::fresh, clock));
  unwrap(save());
  EXPECT_TRUE(restore().ok());
}

TEST_F(Backup, IsNotKeptWhereARenewalCameBetweenItsFiles) {
  const auto of = authority();
  AtTheStart renewing([&] { unwrap(renew_service(of, Service::cmc, RenewalKey::fresh, clock)); });
  EXPECT_EQ(make_backup(of, saved, passphrase, {clock, renewing, silent}).error().fault,
            Fault::busy);
  EXPECT_FALSE(fs::exists(saved));
  EXPECT_TRUE(save().ok());
}

TEST_F(Backup, IsNotKeptWhereARollOverCameBetweenItsFiles) {
  const auto of = authority();
  AtTheStart rolling(
      [&] { ASSERT_TRUE(files::write_file(of.generations_file, as_bytes("another key")).ok()); });
  EXPECT_EQ(make_backup(of, saved, passphrase, {clock, rolling, silent}).error().fault,
            Fault::busy);
  EXPECT_FALSE(fs::exists(saved));
}

TEST_F(Backup, LeavesOutANewCertificateWhoseKeyNeverCame) {
  const auto of = authority();
  fs::copy_file(of.agent.certificate, of.tls.certificate + ".new");
  unwrap(save());
  EXPECT_TRUE(restore().ok());
  EXPECT_FALSE(fs::exists(folder / "again/tls.pem.new"));
}

}  // namespace
}  // namespace signet::tool
