#include "adapters/sqlite/gathered_log.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sqlite/connection.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace signet::test {
namespace {

/// A log as SQLite has it open.
class OpenLog {
 public:
  explicit OpenLog(std::string path) : path_(std::move(path)) {
    auto* const vfs = sqlite3_vfs_find(sqlite::gathering_vfs());
    memory_.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(sqlite3_int64) + 1);
    opened_ = vfs->xOpen(vfs, path_.c_str(), file(),
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL, nullptr);
  }
  ~OpenLog() {
    if (file()->pMethods != nullptr) static_cast<void>(close());
  }
  OpenLog(const OpenLog&) = delete;
  OpenLog& operator=(const OpenLog&) = delete;

  [[nodiscard]] int opened() const { return opened_; }
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  const sqlite3_io_methods& methods() { return *file()->pMethods; }

  int write(const std::string& piece, sqlite3_int64 at) {
    return methods().xWrite(file(), piece.data(), static_cast<int>(piece.size()), at);
  }
  std::string read(std::size_t count, sqlite3_int64 at) {
    std::string text(count, '?');
    EXPECT_EQ(methods().xRead(file(), text.data(), static_cast<int>(count), at), SQLITE_OK);
    return text;
  }
  int sync() { return methods().xSync(file(), SQLITE_SYNC_NORMAL); }
  int close() {
    const int closed = methods().xClose(file());
    file()->pMethods = nullptr;
    return closed;
  }

  /// What everybody else finds in the file.
  [[nodiscard]] std::string on_disk() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  std::string path_;
  std::vector<sqlite3_int64> memory_;  // aligned as SQLite's own
  int opened_;
};

class GatheredLog : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(log.opened(), SQLITE_OK); }

  TemporaryFolder folder;
  OpenLog log{folder / "log.wal"};  // of a "-wal", SQLite looks at the database's rights
};

TEST_F(GatheredLog, GivesPiecesThatFollowEachOtherToTheSystemWhenSynced) {
  EXPECT_EQ(log.write("head", 0), SQLITE_OK);
  EXPECT_EQ(log.write("er, page", 4), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "");
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "header, page");
}

TEST_F(GatheredLog, PutsEachPieceInItsPlaceWhateverTheOrder) {
  EXPECT_EQ(log.write("cccc", 8), SQLITE_OK);
  EXPECT_EQ(log.write("aaaa", 0), SQLITE_OK);
  EXPECT_EQ(log.write("bbbb", 4), SQLITE_OK);
  EXPECT_EQ(log.write("BB", 4), SQLITE_OK);
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "aaaaBBbbcccc");
}

TEST_F(GatheredLog, ReadsMeasuresAndCutsAsIfAllWereWritten) {
  EXPECT_EQ(log.write("one two", 0), SQLITE_OK);
  EXPECT_EQ(log.read(3, 4), "two");
  EXPECT_EQ(log.write(" three", 7), SQLITE_OK);
  sqlite3_int64 size = 0;
  EXPECT_EQ(log.methods().xFileSize(log.file(), &size), SQLITE_OK);
  EXPECT_EQ(size, 13);
  EXPECT_EQ(log.write(" four", 13), SQLITE_OK);
  EXPECT_EQ(log.methods().xTruncate(log.file(), 7), SQLITE_OK);
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "one two");
}

TEST_F(GatheredLog, HoldsNoMoreThan128KiB) {
  const std::string page(4096, 'p');
  sqlite3_int64 at = 0;
  std::string all;
  for (int written = 0; written < 100; ++written) {
    EXPECT_EQ(log.write(page, at), SQLITE_OK);
    at += static_cast<sqlite3_int64>(page.size());
    all += page;
  }
  EXPECT_GE(log.on_disk().size(), all.size() - 128 * 1024);
  const std::string large(65'536, 'l');
  EXPECT_EQ(log.write(large, at), SQLITE_OK);
  EXPECT_EQ(log.write("end", at + 65'536), SQLITE_OK);
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), all + large + "end");
}

TEST_F(GatheredLog, FailsTheSyncOfWhatTheDiskDoesNotTakeAndForgetsIt) {
  EXPECT_EQ(log.write("kept", 0), SQLITE_OK);
  EXPECT_EQ(log.sync(), SQLITE_OK);
  {
    const FileSizeLimit full{4};
    EXPECT_EQ(log.write("lost", 4), SQLITE_OK);
    EXPECT_NE(log.sync(), SQLITE_OK);
  }
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "kept");
  EXPECT_EQ(log.write("next", 4), SQLITE_OK);
  EXPECT_EQ(log.sync(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "keptnext");
}

TEST_F(GatheredLog, WritesNothingWhenItIsClosed) {
  EXPECT_EQ(log.write("never committed", 0), SQLITE_OK);
  EXPECT_EQ(log.close(), SQLITE_OK);
  EXPECT_EQ(log.on_disk(), "");
}

TEST(GatheredLogThatCannotBeOpened, SaysSo) {
  const TemporaryFolder folder;
  OpenLog log{folder / "absent/log.wal"};
  EXPECT_EQ(log.opened(), SQLITE_CANTOPEN);
  EXPECT_EQ(log.file()->pMethods, nullptr);
}

/// A store of one table that two connections write.
class GatheringConnection : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(one.execute("PRAGMA journal_mode = WAL; CREATE TABLE page (text TEXT);"
                            "PRAGMA wal_checkpoint(TRUNCATE)")
                    .ok());
  }
  [[nodiscard]] sqlite::Connection open(sqlite::Connection::Use use) const {
    return std::move(sqlite::Connection::open(folder / "store", use)).value();
  }
  /// Rows of 100,000 times this letter, by whoever looks at the file anew.
  [[nodiscard]] std::int64_t rows_of(char letter) const {
    return *open(sqlite::Connection::Use::read)
                .number("SELECT count(*) FROM page WHERE " + text(letter) + " = text");
  }
  /// An expression.
  [[nodiscard]] static std::string text(char letter) {
    return std::string("replace(hex(zeroblob(50000)), '0', '") + letter + "')";
  }
  [[nodiscard]] static std::string insertion(char letter) {
    return "INSERT INTO page VALUES (" + text(letter) + ");";
  }

  TemporaryFolder folder;
  sqlite::Connection one = open(sqlite::Connection::Use::gather);
};

TEST_F(GatheringConnection, ShowsAllOfACommitToOthersAtOnce) {
  ASSERT_TRUE(one.execute("PRAGMA wal_autocheckpoint = 0;" + insertion('a')).ok());
  EXPECT_EQ(rows_of('a'), 1);
}

// A transaction that is larger than the cache, and rolled back, must leave nothing behind that
// comes to the log when somebody else has written there.
TEST_F(GatheringConnection, LeavesNothingBehindWhenItRollsBack) {
  auto other = open(sqlite::Connection::Use::gather);
  ASSERT_TRUE(
      one.execute("PRAGMA cache_size = 10; BEGIN;" + insertion('a') + insertion('b') + "ROLLBACK")
          .ok());
  ASSERT_TRUE(other.execute(insertion('c') + insertion('d')).ok());
  EXPECT_EQ(*one.number("SELECT count(*) FROM page"), 2);
  EXPECT_EQ(rows_of('c') + rows_of('d'), 2);
  EXPECT_EQ(rows_of('a') + rows_of('b'), 0);
  EXPECT_EQ(*other.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

TEST_F(GatheringConnection, IsKeptToWhatGatheringWants) {
  EXPECT_EQ(*one.number("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(*one.number("PRAGMA cache_spill"), 0);
}

}  // namespace
}  // namespace signet::test
