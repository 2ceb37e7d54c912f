#include "apps/upkeep/folder_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/sqlite/connection.h"
#include "apps/folder/new_authority.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using std::chrono::hours;
using std::chrono::minutes;
using test::unwrap;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FolderFindings : public ::testing::Test {
 protected:
  FolderFindings() {
    wanted.directory = folder / "ca";
    wanted.profiles = test::source_folder() + "/profiles";
    unwrap(make_authority(wanted, clock));
    authority = unwrap(read_authority_folder(wanted.directory));
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  std::vector<FolderFinding> found() {
    return findings_in(authority, look_into_store(authority), clock);
  }
  /// "what: problem" of the only one.
  std::string only() {
    const auto all = found();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? "" : all.front().what + ": " + all.front().problem;
  }
  /// Written an hour ago.
  void leave(const std::string& path) const {
    ASSERT_TRUE(files::write_secret_file(path, as_bytes("a key")).ok());
    fs::last_write_time(path, fs::file_time_type::clock::now() - hours{1});
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  NewAuthority wanted;
  AuthorityFolder authority;
};

TEST_F(FolderFindings, AreNoneOfANewAuthority) {
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(FolderFindings, TellOfAStoreThatIsGoneOrEmptyOrNone) {
  const auto kept = unwrap(files::read_file(file("store.db")));
  for (const auto* end : {"", "-wal", "-shm"}) fs::remove(file("store.db") + end);
  EXPECT_EQ(only(), "store: " + file("store.db") + " is not there");
  ASSERT_TRUE(files::write_secret_file(file("store.db"), Bytes{}).ok());
  EXPECT_THAT(only(), HasSubstr("store.db is empty"));
  EXPECT_TRUE(fs::is_empty(file("store.db"))) << "a look makes no store";
  ASSERT_TRUE(files::write_secret_file(file("store.db"), Bytes(kept.size(), 0x5A)).ok());
  EXPECT_THAT(only(), HasSubstr("restore it from a backup"));
}

TEST_F(FolderFindings, TellOfAStoreThatThisSignetMayNotOpen) {
  auto newer = unwrap(sqlite::Connection::open(file("store.db"), sqlite::Connection::Use::write));
  ASSERT_TRUE(newer.execute("PRAGMA user_version = 99").ok());
  EXPECT_THAT(only(), HasSubstr("written by a newer Signet"));
  auto text = std::string(as_text(unwrap(files::read_file(file("signetd.toml")))));
  const std::string engine = "engine = \"sqlite\"\npath = \"store.db\"";
  ASSERT_NE(text.find(engine), std::string::npos);
  text.replace(text.find(engine), engine.size(), "engine = \"memory\"");
  ASSERT_TRUE(files::write_file(file("signetd.toml"), as_bytes(text)).ok());
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_THAT(found(), IsEmpty()) << "nobody else can look into a server's memory";
}

TEST_F(FolderFindings, TellOfAStoreOfAnOlderSignetAndLeaveItToTheServer) {
  auto older = unwrap(sqlite::Connection::open(file("store.db"), sqlite::Connection::Use::write));
  ASSERT_TRUE(older.execute("PRAGMA user_version = 9").ok());
  EXPECT_THAT(only(), AllOf(HasSubstr("older Signet"), HasSubstr("at its next start")));
  EXPECT_EQ(unwrap(older.number("PRAGMA user_version")), 9);
}

TEST_F(FolderFindings, TellOfAKeyThatARollOverLeft) {
  leave(file("ca-2.key"));
  leave(file("ca-2.csr"));
  EXPECT_THAT(only(), HasSubstr("left: " + file("ca-2.key")));
  fs::last_write_time(file("ca-2.key"), fs::file_time_type::clock::now());
  EXPECT_THAT(found(), IsEmpty()) << "it may be going on";
}

TEST_F(FolderFindings, TellOfACrlThatIsOverdueOrOfTheFuture) {
  const auto commit = test::crl_commit(1, clock.now());
  const store::Commit* batch[] = {&commit};
  audit::MemoryJournal journal;
  ASSERT_TRUE(unwrap(open_store(authority))->apply(batch, journal).front().durable());
  EXPECT_THAT(found(), IsEmpty());
  clock.advance(hours{24});
  EXPECT_THAT(found(), IsEmpty()) << "to the second";
  clock.advance(std::chrono::seconds{1});
  EXPECT_THAT(only(), HasSubstr("CRL: of shard 0 is overdue since "));
  clock.advance(-hours{24} - std::chrono::seconds{1} - minutes{5});
  EXPECT_THAT(found(), IsEmpty());
  clock.advance(-std::chrono::seconds{1});
  EXPECT_THAT(only(), HasSubstr("CRL: of shard 0 is of the future"));
}

TEST_F(FolderFindings, TellOfAJournalThatIsGone) {
  fs::remove(file("audit.jsonl"));
  EXPECT_EQ(only(), "journal: " + file("audit.jsonl") + " is not there");
}

TEST_F(FolderFindings, TellOfWhatAKilledCommandLeft) {
  leave(file("alice.a1B2c3.new"));
  leave(file("tls.key.new"));
  leave(file("kept.newer"));
  leave(file("signetd.toml.new"));
  ASSERT_TRUE(files::write_secret_file(file("cmc.key.new"), as_bytes("of a minute ago")).ok());
  fs::create_directories(wanted.directory + ".restoring.a1B2c3");
  fs::last_write_time(wanted.directory + ".restoring.a1B2c3",
                      fs::file_time_type::clock::now() - hours{1});
  fs::create_directories(wanted.directory + "-2.restoring.a1B2c3");
  std::vector<std::string> files;
  for (const auto& each : found()) files.push_back(each.file);
  EXPECT_THAT(files, ElementsAre(wanted.directory + ".restoring.a1B2c3", file("alice.a1B2c3.new"),
                                 file("tls.key.new")));
}

}  // namespace
}  // namespace signet::tool
