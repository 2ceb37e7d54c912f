#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "adapters/sqlite/writer.h"
#include "support/change_status.h"
#include "support/engine_contract.h"
#include "support/file_size_limit.h"
#include "support/sqlite_scene.h"

namespace signet::test {
namespace {

TEST(SqliteEngine, FindsWhatItKeptWhenOpenedAgain) {
  const TemporaryFolder folder;
  {
    const auto engine = sqlite::SqliteEngine::open(folder / "store");
    ASSERT_TRUE(apply(**engine, grant(1)).durable());
  }
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  ASSERT_TRUE(engine.ok());
  EXPECT_EQ(*(*engine)->find_certificate(serial(1)), certificate(1));
  EXPECT_EQ(apply(**engine, grant(1)).conflict, store::Conflict::answered_before);
}

TEST(SqliteEngine, ChecksConditionsAgainstWhatAnotherServerKept) {
  const TemporaryFolder folder;
  const auto one = sqlite::SqliteEngine::open(folder / "store");
  const auto other = sqlite::SqliteEngine::open(folder / "store");
  ASSERT_TRUE(apply(**one, grant(1)).durable());
  EXPECT_EQ(apply(**other, grant(1)).conflict, store::Conflict::answered_before);
  EXPECT_EQ(*(*other)->find_certificate(serial(1)), certificate(1));
}

TEST(SqliteEngine, KeepsNothingMoreOnceItsFileOrItsLogIsDeletedOrReplaced) {
  for (const auto* end : {"", "-wal"}) {
    for (const bool replaced : {false, true}) {
      const TemporaryFolder folder;
      const auto path = (folder / "store") + end;
      const auto engine = sqlite::SqliteEngine::open(folder / "store");
      ASSERT_TRUE(apply(**engine, grant(1)).durable());
      std::filesystem::rename(path, path + ".moved");
      if (replaced) std::filesystem::copy_file(path + ".moved", path);
      const auto refused = apply(**engine, grant(2));
      ASSERT_TRUE(refused.failed) << end << replaced;
      EXPECT_NE(refused.failed->detail.find(path + " was deleted or replaced"), std::string::npos);
      EXPECT_EQ((*engine)->revoke_token(Bytes{1}).error().fault, Fault::storage_failed);
      EXPECT_EQ((*engine)->forget_failures(Bytes{1}).error().fault, Fault::storage_failed);
      EXPECT_EQ((*engine)->put_revocation_secret({serial(1), "verifier"}).error().fault,
                Fault::storage_failed);
      EXPECT_EQ(change_status(*(*engine), serial(1), store::CertificateStatus::revoked, kNoon2026,
                              pkix::CRLReason::keyCompromise)
                    .error()
                    .fault,
                Fault::storage_failed);
      std::filesystem::rename(path + ".moved", path);
      EXPECT_TRUE(apply(**engine, grant(2)).durable()) << "back again";
    }
  }
}

/// What the file holds without its log: a copy of it alone, opened.
bool file_alone_holds(const std::string& path, std::uint16_t number) {
  std::filesystem::copy_file(path, path + ".alone",
                             std::filesystem::copy_options::overwrite_existing);
  const auto engine = sqlite::SqliteEngine::open(path + ".alone");
  return (*engine)->find_certificate(serial(number))->has_value();
}

TEST(SqliteEngine, CarriesItsLogOverWhenItTidies) {
  const TemporaryFolder folder;
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  std::uint16_t number = 1;
  for (; number <= 100; ++number) ASSERT_TRUE(apply(**engine, grant(number)).durable());
  EXPECT_FALSE(file_alone_holds(folder / "store", 1)) << "before anybody was told";
  (*engine)->tidy();
  EXPECT_TRUE(file_alone_holds(folder / "store", 100));
  ASSERT_TRUE(apply(**engine, grant(number)).durable());
  (*engine)->tidy();
  EXPECT_FALSE(file_alone_holds(folder / "store", number)) << "a few pages are not worth it";
}

TEST(SqliteEngine, CarriesALongLogOverWhereNobodyTidies) {
  const TemporaryFolder folder;
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  for (std::uint16_t number = 1; number <= 60; ++number) {
    auto large = grant(number);
    large.certificates.front().certificate_der.resize(std::size_t{200} << 10);
    ASSERT_TRUE(apply(**engine, large).durable());
  }
  EXPECT_TRUE(file_alone_holds(folder / "store", 1));
  EXPECT_LT(std::filesystem::file_size(folder / "store-wal"), std::uintmax_t{12} << 20);
}

TEST(SqliteEngine, AnswersManyThreadsWhileItWrites) {
  Sqlite store;
  std::atomic<bool> written = false;
  std::atomic<int> faults = 0;
  std::vector<std::thread> readers;
  for (int thread = 0; thread < 4; ++thread) {
    readers.emplace_back([&] {
      while (!written) faults += !store.engine().find_certificate(serial(1)).ok();
    });
  }
  for (std::uint16_t number = 1; number <= 50; ++number) {
    EXPECT_TRUE(apply(store.engine(), grant(number)).durable());
  }
  written = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(faults, 0);
}

class ThrowingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>&) override {
    throw std::runtime_error("out of paper");
  }
};

TEST(SqliteEngine, KeepsNothingWhenTheJournalThrowsAndGoesOn) {
  Sqlite store;
  ThrowingJournal journal;
  EXPECT_THROW(apply(store.engine(), grant(1), journal), std::runtime_error);
  EXPECT_EQ(*store.engine().find_certificate(serial(1)), std::nullopt);
  EXPECT_TRUE(apply(store.engine(), grant(1)).durable());
}

/// Lets the disk run full just before the database is committed.
class DiskFillingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    if (!limit) limit.emplace(rlim_t{0});
    return memory.append(events);
  }
  audit::MemoryJournal memory;
  std::optional<FileSizeLimit> limit;
};

TEST(SqliteEngine, TellsTheJournalWhenTheDatabaseDidNotKeepTheBatch) {
  Sqlite store;
  ASSERT_TRUE(apply(store.engine(), grant(1)).durable());
  DiskFillingJournal journal;
  const auto outcome = apply(store.engine(), grant(2), journal);
  journal.limit.reset();

  ASSERT_TRUE(outcome.failed.has_value());
  EXPECT_EQ(outcome.failed->fault, Fault::storage_failed);
  ASSERT_EQ(journal.memory.events().size(), 2U);
  const auto& abandoned = journal.memory.events().back();
  EXPECT_EQ(abandoned.name, "AUDIT_BATCH_ABANDONED");
  EXPECT_EQ(abandoned.outcome, audit::EventOutcome::failure);
  EXPECT_EQ(abandoned.fields.front(), (audit::Field{"Records", "1"}));
  EXPECT_EQ(*store.engine().find_certificate(serial(2)), std::nullopt);
  EXPECT_TRUE(apply(store.engine(), grant(2)).durable());
}

TEST(SqliteWriter, FailsWholeWhenTheFileMayNotGrow) {
  const TemporaryFolder folder;
  const auto writer = sqlite::Writer::open(folder / "store");
  ASSERT_TRUE(writer.ok());
  auto& connection = (*writer)->connection();
  const auto pages = *connection.number("PRAGMA page_count");
  ASSERT_TRUE(connection.execute("PRAGMA max_page_count = " + std::to_string(pages)).ok());
  auto large = grant(1);
  large.certificates.front().certificate_der = Bytes(100'000);
  {
    const auto transaction = sqlite::Transaction::begin(connection);
    ASSERT_TRUE(transaction.ok());
    const auto added = (*writer)->add(large);
    ASSERT_FALSE(added.ok());
    EXPECT_EQ(added.error().fault, Fault::storage_failed);
    EXPECT_THAT(added.error().detail, testing::HasSubstr("make room on the disk"));
  }
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_EQ(*connection.number("SELECT count(*) FROM certificate"), 0);
}

TEST(OpenSqliteEngine, RefusesAFolderThatIsAbsent) {
  const TemporaryFolder folder;
  const auto engine = sqlite::SqliteEngine::open(folder / "absent/store");
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().fault, Fault::storage_failed);
  EXPECT_THAT(engine.error().detail, testing::HasSubstr("absent/store"));
}

TEST(OpenSqliteEngine, RefusesAFileThatIsNoDatabase) {
  const TemporaryFolder folder;
  std::ofstream(folder / "store") << std::string(8192, 'x');
  EXPECT_EQ(sqlite::SqliteEngine::open(folder / "store").error().fault, Fault::storage_failed);
}

TEST(OpenSqliteEngine, RefusesAFileOfANewerSignet) {
  const TemporaryFolder folder;
  {
    const auto writer = sqlite::Writer::open(folder / "store");
    ASSERT_TRUE((*writer)->connection().execute("PRAGMA user_version = 99").ok());
  }
  EXPECT_EQ(sqlite::SqliteEngine::open(folder / "store").error().fault, Fault::bad_configuration);
}

TEST(SqliteEngine, FailsAQuestionWhoseRowIsDamaged) {
  Sqlite store;
  ASSERT_TRUE(apply(store.engine(), grant(1)).durable());
  auto damaging = *sqlite::Connection::open(store.folder / "store", sqlite::Connection::Use::write);
  ASSERT_TRUE(damaging.execute("UPDATE certificate SET status = 9").ok());
  ASSERT_TRUE(damaging.execute("UPDATE answered_request SET serial_numbers = x'30'").ok());
  EXPECT_EQ(store.engine().find_certificate(serial(1)).error().fault, Fault::storage_failed);
  EXPECT_EQ(store.engine().seen_before(answered(1)).error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::test
