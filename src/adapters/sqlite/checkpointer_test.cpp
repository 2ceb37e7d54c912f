#include "adapters/sqlite/checkpointer.h"

#include "adapters/sqlite/sqlite_engine.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"

namespace signet::test {
namespace {

using sqlite::Checkpointer;
using sqlite::Connection;

/// A file with a log.
struct Logged {
  TemporaryFolder folder;
  std::string path = folder / "store";
  Connection connection = *Connection::open(path, Connection::Use::write);
  std::unique_ptr<Checkpointer> checkpointer;

  Logged() {
    EXPECT_TRUE(connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (n)").ok());
    checkpointer = *Checkpointer::start(path);
  }
  /// Whether the rest becomes the writer's, at a log of so many pages, before long.
  bool hands_over(int pages) {
    for (int tries = 0; tries < 500; ++tries) {
      if (checkpointer->rest_is_writers(pages)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
  }
};

TEST(Checkpointer, LeavesAShortLogAlone) {
  Logged store;
  const auto before = std::filesystem::file_size(store.path);
  EXPECT_FALSE(store.checkpointer->rest_is_writers(1));
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4095));
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  EXPECT_EQ(std::filesystem::file_size(store.path), before);
  EXPECT_GT(std::filesystem::file_size(store.path + "-wal"), 0U);
}

TEST(Checkpointer, CarriesALongLogAndHandsTheRestToTheWriterOnce) {
  Logged store;
  const auto before = std::filesystem::file_size(store.path);
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4096)) << "not what takes long";
  ASSERT_TRUE(store.hands_over(4200));
  EXPECT_GT(std::filesystem::file_size(store.path), before) << "nothing was carried";
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4201)) << "a reader holds the log";
  EXPECT_FALSE(store.checkpointer->rest_is_writers(3)) << "the log began anew";
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4096));
  EXPECT_TRUE(store.hands_over(4097)) << "and again";
}

TEST(Checkpointer, CarriesAgainWhatIsTooMuchForTheWriter) {
  Logged store;
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4096));
  std::this_thread::sleep_for(
      std::chrono::milliseconds{200});  // carried by then, or a little later
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4096 + 1025));
  EXPECT_TRUE(store.hands_over(4096 + 1025 + 1024));
}

TEST(Checkpointer, LetsTheWriterCarryALogThatGrowsWithoutEnd) {
  Logged store;
  EXPECT_FALSE(store.checkpointer->rest_is_writers(4096));
  EXPECT_TRUE(store.hands_over(8 * 4096));
}

TEST(SqliteEngine, CarriesItsLogWhileItWrites) {
  const TemporaryFolder folder;
  const std::string path = folder / "store";
  const auto engine = *sqlite::SqliteEngine::open(path);
  audit::MemoryJournal journal;
  const auto empty = std::filesystem::file_size(path);
  std::uintmax_t longest = 0;
  for (std::uint16_t number = 0; number < 1500;) {
    std::vector<store::Commit> commits;
    std::vector<const store::Commit*> batch;
    while (commits.size() < 10) {
      commits.push_back(grant(++number));
      commits.back().certificates.front().certificate_der.resize(20'000);  // five pages more
    }
    for (const auto& commit : commits) batch.push_back(&commit);
    for (const auto& outcome : engine->apply(batch, journal)) ASSERT_TRUE(outcome.durable());
    longest = std::max(longest, std::filesystem::file_size(path + "-wal"));
  }
  EXPECT_GT(std::filesystem::file_size(path), empty + 1000 * 20'000U);
  EXPECT_LT(longest, 9 * 4096 * 4096U) << "the log never began anew";
}

}  // namespace
}  // namespace signet::test
