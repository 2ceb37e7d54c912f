#include "apps/upkeep/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "apps/folder/new_authority.h"
#include "apps/upkeep/service_certificates.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::unwrap;
using ::testing::HasSubstr;

// ------------------------------------------------------------ the sealed stream

class SealedStream : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::unique_ptr<SealedWriter>> writer_of_it() const {
    return SealedWriter::create(TRY(files::Replacement::beside(path)), path, passphrase,
                                crypto::system_random());
  }
  void write(const std::vector<Bytes>& pieces) {
    const auto writer = unwrap(writer_of_it());
    for (const auto& piece : pieces) ASSERT_TRUE(writer->write(piece).ok());
    ASSERT_TRUE(writer->finish().ok());
  }
  [[nodiscard]] Bytes file() const { return unwrap(files::read_file(path)); }
  void put(const Bytes& octets) const { ASSERT_TRUE(files::write_file(path, octets).ok()); }
  /// What reading all of so many octets gives.
  Result<Bytes> read(std::size_t octets) const {
    const auto reader = TRY(SealedReader::open(path, passphrase));
    auto all = TRY(reader->read(octets));
    if (!TRY(reader->at_end())) return Error{Fault::internal, "there is more"};
    return all;
  }

  test::TemporaryFolder folder;
  std::string path = folder / "sealed";
  SecretBytes passphrase{std::string_view("a passphrase of some length")};
};

TEST_F(SealedStream, GivesBackWhatWasWrittenOverManyPieces) {
  const Bytes large(3 * 1024 * 1024 + 17, 0x5A);
  write({large});
  EXPECT_EQ(unwrap(read(large.size())), large);
  write({});
  EXPECT_EQ(unwrap(read(0)), Bytes{});
  const Bytes exact(1024 * 1024, 1);
  write({exact});
  EXPECT_EQ(unwrap(read(exact.size())), exact);
}

TEST_F(SealedStream, ReadsLines) {
  write({to_bytes(std::string_view("first\nsecond\nrest"))});
  const auto reader = unwrap(SealedReader::open(path, passphrase));
  EXPECT_EQ(unwrap(reader->read_line()), "first");
  EXPECT_EQ(unwrap(reader->read_line()), "second");
  EXPECT_EQ(reader->read_line().error().fault, Fault::malformed);
}

TEST_F(SealedStream, OpensWithItsPassphraseAlone) {
  write({Bytes(100, 1)});
  const SecretBytes other(std::string_view("a passphrase of some lengtH"));
  EXPECT_EQ(unwrap(SealedReader::open(path, other))->read(1).error().fault,
            Fault::decryption_failed);
}

TEST_F(SealedStream, RefusesAnyChangedOctet) {
  write({Bytes(100, 1)});
  const auto good = file();
  for (const std::size_t at : {std::size_t{20}, good.size() - 100, good.size() - 1}) {
    auto changed = good;
    changed[at] ^= 1;
    put(changed);
    EXPECT_FALSE(read(100).ok()) << at;
  }
}

TEST_F(SealedStream, RefusesAnEndThatComesTooEarlyOrTooLate) {
  constexpr std::size_t kPiece = 1024 * 1024;
  write({Bytes(kPiece + 1, 1)});
  const auto good = file();
  auto cut = good;
  cut.resize(good.size() - 34);  // without the last piece, of one octet
  put(cut);
  const auto reader = unwrap(SealedReader::open(path, passphrase));
  EXPECT_TRUE(reader->read(kPiece).ok());
  EXPECT_EQ(reader->at_end().error().fault, Fault::malformed);
  auto longer = good;
  longer.push_back(0);
  put(longer);
  EXPECT_EQ(read(kPiece + 1).error().fault, Fault::trailing_data);
}

TEST_F(SealedStream, RefusesPiecesInAnotherOrder) {
  constexpr std::size_t kPiece = 1024 * 1024;
  constexpr std::size_t kHead = 16 + 16;
  constexpr std::size_t kSealed = 4 + kPiece + 29;
  write({Bytes(2 * kPiece + 1, 1)});
  auto swapped = file();
  std::swap_ranges(swapped.begin() + kHead, swapped.begin() + kHead + kSealed,
                   swapped.begin() + kHead + kSealed);
  put(swapped);
  EXPECT_EQ(read(1).error().fault, Fault::decryption_failed);
}

TEST_F(SealedStream, LeavesNothingWhereItWasBrokenOff) {
  {
    const auto writer = unwrap(writer_of_it());
    ASSERT_TRUE(writer->write(Bytes(10, 1)).ok());
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(SealedStream, IsForItsOwnerAlone) {
  write({});
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(SealedStream, WritesIntoNoFileThatStoodAtItsPlace) {
  const auto other = folder / "other";
  ASSERT_TRUE(files::write_file(other, as_bytes("another's")).ok());
  fs::create_symlink(other, path + ".new");
  write({Bytes{1}});
  fs::remove(path + ".new");
  fs::create_hard_link(other, path + ".new");
  write({Bytes{1}});
  EXPECT_EQ(unwrap(files::read_file(other)), to_bytes("another's"));
  EXPECT_FALSE(fs::is_symlink(path));
  EXPECT_EQ(unwrap(read(1)), Bytes{1});
}

// ------------------------------------------------------------ an authority

class Backup : public ::testing::Test {
 protected:
  Backup() {
    wanted.directory = folder / "ca";
    wanted.profiles = test::source_folder() + "/profiles";
    unwrap(make_authority(wanted, clock));
    publish(1);
  }
  void publish(std::uint64_t number) {
    const auto commit = test::crl_commit(number);
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(unwrap(open_store(authority()))->apply(batch, journal).front().durable());
  }
  [[nodiscard]] AuthorityFolder authority() const {
    return unwrap(read_authority_folder(wanted.directory));
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
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      if (entry.path().string().starts_with(saved + middle)) names.push_back(entry.path());
    }
    return names;
  }
  void expect_nothing_restored(const Result<RestoreReport>& restored, Fault fault) {
    ASSERT_FALSE(restored.ok());
    EXPECT_EQ(restored.error().fault, fault) << restored.error().detail;
    EXPECT_FALSE(fs::exists(folder / "again"));
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

// ------------------------------------------------------------ what is in it, and what is not

TEST_F(Backup, FollowsNoLinkAndNamesEach) {
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

TEST_F(Backup, WaitsForNoPipeAndFollowsNoLinkThatTookAPlaceMeanwhile) {
  fs::create_directories(folder / "outside");
  ASSERT_TRUE(files::write_file(folder / "outside/notes.txt", as_bytes("root's alone")).ok());
  const auto inside = wanted.directory + "/kept";
  const auto swapped = [&](const std::function<void()>& swap) {
    fs::remove_all(inside);
    fs::create_directories(inside);
    EXPECT_TRUE(files::write_file(inside + "/notes.txt", as_bytes("its own")).ok());
    swap();
    return ::testing::AssertionResult(
        !files::open_below(wanted.directory, "kept/notes.txt").is_open());
  };
  EXPECT_FALSE(swapped([] {}));
  EXPECT_TRUE(swapped([&] {
    fs::remove_all(inside);
    fs::create_directory_symlink(folder / "outside", inside);
  }));
  EXPECT_TRUE(swapped([&] {
    fs::remove(inside + "/notes.txt");
    fs::create_symlink(folder / "outside/notes.txt", inside + "/notes.txt");
  }));
  fs::remove_all(inside);
  fs::create_directories(inside);
  ASSERT_EQ(::mkfifo((inside + "/notes.txt").c_str(), 0600), 0);
  EXPECT_TRUE(files::open_below(wanted.directory, "kept/notes.txt").is_open()) << "at once";
  EXPECT_TRUE(save().ok()) << "a pipe is no file";
}

TEST_F(Backup, IsNotMadeWhereWhatItNeedsIsALink) {
  for (const auto* name : {"/signetd.toml", "/audit.jsonl", "/store.db", "/ca.pem"}) {
    const auto place = wanted.directory + name;
    const auto moved_to = folder / "moved";
    fs::rename(place, moved_to);
    fs::create_symlink(moved_to, place);
    const auto refused = save();
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
    EXPECT_THAT(refused.error().detail, HasSubstr(place + " is a link"));
    fs::remove(place);
    fs::rename(moved_to, place);
  }
  EXPECT_TRUE(save().ok());
}

TEST_F(Backup, LeavesOutTheFilesOfTheStoreByTheirExactNames) {
  const std::vector<std::string> namesakes{"old-store.db", "store.db-kept", "store.db-wal.txt",
                                           "store.db.old", "profiles/store.db"};
  for (const auto& name : namesakes) {
    ASSERT_TRUE(files::write_file(wanted.directory + "/" + name, as_bytes(name)).ok());
  }
  const auto open = unwrap(open_store(authority()));
  publish(2);  // while it is open, there are -wal and -shm
  ASSERT_TRUE(fs::exists(wanted.directory + "/store.db-wal"));
  const auto names = unwrap(save()).files;
  for (const auto& name : namesakes) EXPECT_THAT(names, ::testing::Contains(name));
  for (const auto* name : {"store.db-wal", "store.db-shm"}) {
    EXPECT_THAT(names, ::testing::Not(::testing::Contains(name)));
  }
  EXPECT_EQ(std::count(names.begin(), names.end(), "store.db"), 1) << "the copy alone";
}

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

TEST_F(Backup, CopiesTheStoreIntoAFileThatIsItsOwnersAloneAndWasNobodysBefore) {
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

TEST_F(Backup, LeavesWhatStandsBesideItsPlace) {
  for (const auto* end : {".new", ".store.new"}) {
    ASSERT_TRUE(files::write_file(saved + end, as_bytes("another's")).ok());
  }
  unwrap(save());
  for (const auto* end : {".new", ".store.new"}) {
    EXPECT_EQ(unwrap(files::read_file(saved + end)), to_bytes("another's"));
  }
}

// ------------------------------------------------------------ what a killed one left

TEST_F(Backup, RemovesWhatOneThatWasKilledHadLeftAndSaysSo) {
  const std::string left = saved + ".a1B2c3.new";
  const std::vector<std::string> all{left, left + ".of.XyZ789.new",
                                     left + ".of.XyZ789.new-journal"};
  for (const auto& name : all) ASSERT_TRUE(files::write_file(name, as_bytes("left")).ok());
  EXPECT_THAT(unwrap(save()).removed, ::testing::UnorderedElementsAreArray(all));
  EXPECT_EQ(beside("."), std::vector<std::string>{});
  EXPECT_EQ(unwrap(save()).removed, std::vector<std::string>{});
}

TEST_F(Backup, LeavesFilesThatOnlyLookLikeThoseOfAKilledOne) {
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

TEST_F(Backup, LeavesTheFilesOfAnotherThatIsStillWriting) {
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

TEST_F(Backup, ThatIsKilledLeavesWhatTheNextOneRemoves) {
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

TEST_F(Backup, HasNoCopyOfTheStoreAnyMoreWhenItTakesItsPlace) {
  std::vector<std::size_t> left;
  AtEachPiece looking([&] { left.push_back(beside(".").size()); });
  unwrap(make_backup(authority(), saved, passphrase, {clock, looking, silent}));
  EXPECT_EQ(left.front(), 2U);
  EXPECT_EQ(left.back(), 1U) << "killed from here on, nothing would tell whose copy it is";
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

TEST_F(Backup, WhoseSettingsNameFilesOutsideIsNotRestored) {
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

TEST_F(Backup, WhoseSettingsNameTheirFolderIsRestoredToIt) {
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

TEST_F(Backup, WithoutAFileThatLiesOutsideIsRestoredBesideIt) {
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

// ------------------------------------------------------------ coming back

TEST_F(Backup, LetsCrlNumbersGoOnAfterThoseThatMayHaveBeenPublished) {
  unwrap(save());
  clock.advance(std::chrono::hours{1});
  const auto report = unwrap(restore());
  EXPECT_EQ(report.crl_number, 1 + 3600 * 1000U);
}

TEST_F(Backup, LetsCrlNumbersGoOnAfterTheOneThatIsKnown) {
  unwrap(save());
  EXPECT_EQ(unwrap(restore(77)).crl_number, 77U);
}

TEST_F(Backup, RefusesALastCrlNumberThatTheBackupIsBeyond) {
  publish(2);
  unwrap(save());
  expect_nothing_restored(restore(1), Fault::bad_configuration);
}

TEST_F(Backup, IsNotRestoredOverAnything) {
  unwrap(save());
  fs::create_directories(folder / "again/something");
  EXPECT_EQ(restore().error().fault, Fault::bad_configuration);
  fs::remove(folder / "again/something");
  EXPECT_TRUE(restore().ok()) << "an empty folder will do";
}

TEST_F(Backup, OfAJournalThatDoesNotHoldComesBackAsItIsAndSaysSo) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text[text.size() / 3] ^= 1;
  ASSERT_TRUE(files::write_file(journal, text).ok());
  const auto said = ::testing::ElementsAre(HasSubstr("audit.jsonl does not hold from line "));
  EXPECT_THAT(unwrap(save()).broken_journals, said);
  EXPECT_THAT(unwrap(restore()).backup.broken_journals, said);
  EXPECT_EQ(unwrap(files::read_file(folder / "again/audit.jsonl")), text);
}

TEST_F(Backup, FindsNothingBrokenInAJournalThatIsBeingWritten) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text.resize(text.size() - 5);
  ASSERT_TRUE(files::write_file(journal, text).ok());
  EXPECT_THAT(unwrap(save()).broken_journals, ::testing::IsEmpty());
  EXPECT_TRUE(restore().ok());
}

TEST_F(Backup, WhoseJournalCannotBeGoneOnWithIsNotRestored) {
  const auto journal = wanted.directory + "/audit.jsonl";
  auto text = unwrap(files::read_file(journal));
  text[text.size() - 100] ^= 1;
  ASSERT_TRUE(files::write_file(journal, text).ok());
  unwrap(save());
  expect_nothing_restored(restore(), Fault::malformed);
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

TEST_F(Backup, OfKeysThatAreNotThoseOfTheirCertificatesIsNotRestored) {
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

TEST_F(Backup, IsRestoredBesideWhatBearsANameLikeItsOwn) {
  unwrap(save());
  const auto other = (folder / "again") + ".restoring";
  fs::create_directories(other + "/precious");
  fs::create_directories(other + ".a1B2c3");
  const auto report = unwrap(restore());
  EXPECT_THAT(report.left, ::testing::ElementsAre(other, other + ".a1B2c3"));
  EXPECT_TRUE(fs::exists(other + "/precious"));
  EXPECT_EQ(fs::status(folder / "again").permissions(), fs::perms::owner_all);
}

TEST_F(Backup, ThatWasCutOffIsRefused) {
  unwrap(save());
  auto octets = unwrap(files::read_file(saved));
  octets.resize(octets.size() / 2);
  ASSERT_TRUE(files::write_file(saved, octets).ok());
  expect_nothing_restored(restore(), Fault::malformed);
}

}  // namespace
}  // namespace signet::tool
