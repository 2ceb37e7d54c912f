// A log that is written and cannot be synced: what stands in it then, nobody was told of, and yet
// whoever opens the store anew would find it.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "support/engine_contract.h"
#include "support/marked_journal.h"
#include "support/sqlite_scene.h"

namespace {

/// How many syncs of a log fail from here on.
int failing_syncs = 0;

bool is_log(int descriptor) {
  std::error_code error;
  const auto path =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
  return path.string().ends_with("-wal");
}

}  // namespace

/// In place of the C library's, for SQLite too.
extern "C" int fdatasync(int descriptor) {
  if (failing_syncs > 0 && is_log(descriptor)) {
    --failing_syncs;
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace signet::test {
namespace {

class SqliteThatCannotSync : public testing::Test {
 protected:
  store::CommitOutcome apply_failing(int syncs) {
    failing_syncs = syncs;
    auto outcome = apply(store.engine(), grant(1), journal);
    failing_syncs = 0;
    return outcome;
  }
  /// As a process that was killed leaves it: file and log as they stand, opened elsewhere.
  [[nodiscard]] bool is_found_after_a_kill() const {
    const auto copy = store.folder / "copy";
    for (const auto* end : {"", "-wal"}) std::filesystem::copy_file(store.path + end, copy + end);
    const auto opened = sqlite::SqliteEngine::open(copy);
    return (*opened)->find_certificate(serial(1))->has_value();
  }

  /// A secret that an operator puts in, while so many syncs fail.
  Result<void> add_token_failing(int syncs) {
    failing_syncs = syncs;
    auto added = store.engine().add_token(token());
    failing_syncs = 0;
    return added;
  }
  static store::SharedToken token() {
    store::SharedToken token;
    token.id = Bytes(16, 1);
    token.identification = "alice";
    return token;
  }
  [[nodiscard]] bool is_token_found_after_a_kill() const {
    const auto copy = store.folder / "copy";
    for (const auto* end : {"", "-wal"}) std::filesystem::copy_file(store.path + end, copy + end);
    return !(*sqlite::SqliteEngine::open(copy))->list_tokens()->empty();
  }

  Sqlite store;
  MarkedJournal journal;
};

TEST_F(SqliteThatCannotSync, WritesOverWhatItSaysIsNotKept) {
  const auto outcome = apply_failing(1);
  ASSERT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.failed->fault, Fault::storage_failed);
  EXPECT_EQ(journal.memory.events().back().name, "AUDIT_BATCH_ABANDONED");
  EXPECT_FALSE(is_found_after_a_kill());
  EXPECT_TRUE(apply(store.engine(), grant(1), journal).durable());
}

TEST_F(SqliteThatCannotSync, SaysThatItDoesNotKnowWhereItCannotWriteOverIt) {
  const auto outcome = apply_failing(2);
  ASSERT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.failed->fault, Fault::in_doubt);
  EXPECT_EQ(journal.memory.events().back().name, "AUDIT_BATCH_IN_DOUBT");
  // The next batch that is kept ends the doubt.
  EXPECT_TRUE(apply(store.engine(), grant(2), journal).durable());
  EXPECT_FALSE(is_found_after_a_kill());
}

TEST_F(SqliteThatCannotSync, WritesOverWhatAnOperatorIsToldIsNotKept) {
  const auto added = add_token_failing(1);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fault, Fault::storage_failed);
  EXPECT_FALSE(is_token_found_after_a_kill());
  EXPECT_TRUE(store.engine().add_token(token()).ok());
}

TEST_F(SqliteThatCannotSync, SaysToAnOperatorThatItDoesNotKnow) {
  const auto added = add_token_failing(2);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fault, Fault::in_doubt);
  EXPECT_TRUE(store.engine().add_token(token()).ok());
  EXPECT_EQ(store.engine().add_token(token()).error().fault, Fault::already_exists)
      << "the disk is not to blame";
}

TEST_F(SqliteThatCannotSync, TellsTheJournalAlsoWhereItsMarkIsNotKept) {
  auto breaking = *sqlite::Connection::open(store.path, sqlite::Connection::Use::write);
  ASSERT_TRUE(breaking
                  .execute("CREATE TRIGGER breaking BEFORE INSERT ON journal_mark "
                           "BEGIN SELECT RAISE(ABORT, 'broken'); END")
                  .ok());
  const auto outcome = apply(store.engine(), grant(1), journal);
  ASSERT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.failed->fault, Fault::storage_failed);
  EXPECT_EQ(journal.memory.events().back().name, "AUDIT_BATCH_ABANDONED");
  EXPECT_FALSE(is_found_after_a_kill());
}

}  // namespace
}  // namespace signet::test
