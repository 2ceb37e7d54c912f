#include "adapters/sqlite/store_walk.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "support/sqlite_scene.h"
#include "support/store_records.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using sqlite::Connection;
using sqlite::StoreWalk;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint16_t kCertificates = 5000;
constexpr std::streamoff kPageOctets = 4096;
constexpr int kMostSteps = 1000;

/// A store of many pages, which nobody has open.
class StoreWalkTest : public ::testing::Test {
 protected:
  StoreWalkTest() {
    Sqlite made;
    std::vector<store::Commit> commits;
    for (std::uint16_t number = 1; number < kCertificates; ++number)
      commits.push_back(grant(number));
    std::vector<const store::Commit*> batch;
    for (const auto& commit : commits) batch.push_back(&commit);
    audit::MemoryJournal journal;
    for (const auto& outcome : made.engine().apply(batch, journal)) {
      EXPECT_TRUE(outcome.durable());
    }
    made.opened.reset();
    std::filesystem::copy_file(made.path, path);
  }

  /// Walks to the end of a round, or to the first fault.
  static Result<int> walk(StoreWalk& walk) {
    for (int steps = 1; steps < kMostSteps; ++steps) {
      if (TRY(walk.step()) == StoreWalk::Step::last) return steps;
    }
    return Error{Fault::internal, "no end"};
  }
  /// A page in the middle of a table or an index, as SQLite says which are its own.
  std::streamoff page_of(const std::string& name) {
    auto connection = unwrap(Connection::open(path, Connection::Use::read));
    return static_cast<std::streamoff>(
        unwrap(connection.number("SELECT pageno FROM dbstat WHERE name = '" + name +
                                 "' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 3")));
  }
  void overwrite(std::streamoff page) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * kPageOctets);
    file << std::string(kPageOctets, '\xAA');
    ASSERT_TRUE(file.good());
  }

  TemporaryFolder folder;
  std::string path = folder / "store.db";
};

TEST_F(StoreWalkTest, ReadsAllOfAWholeStoreInPiecesAgainAndAgain) {
  StoreWalk whole(path);
  const auto steps = unwrap(walk(whole));
  EXPECT_GT(steps, 24) << "no piece is the whole of a table";
  EXPECT_EQ(unwrap(walk(whole)), steps);
}

TEST_F(StoreWalkTest, FindsAPageThatIsDamagedInATableOrAnIndex) {
  for (const auto* name : {"certificate", "sqlite_autoindex_certificate_1", "certificate_by_time",
                           "certificate_by_subject", "certificate_by_status"}) {
    const auto page = page_of(name);
    ASSERT_GT(page, 0) << name;
    const auto copy = folder / name;
    std::filesystem::copy_file(path, copy);
    overwrite(page);
    StoreWalk damaged(path);
    for (int round = 0; round < 2; ++round) {
      const auto walked = walk(damaged);
      ASSERT_FALSE(walked.ok()) << name;
      EXPECT_EQ(walked.error().fault, Fault::malformed) << name;
      EXPECT_THAT(walked.error().detail,
                  AllOf(HasSubstr("reading certificate"), HasSubstr("malformed")));
    }
    std::filesystem::rename(copy, path);
    EXPECT_TRUE(walk(damaged).ok()) << "mended: " << name;
  }
}

TEST_F(StoreWalkTest, AStoreThatIsNotThereIsNoDamage) {
  StoreWalk nowhere(folder / "elsewhere");
  EXPECT_EQ(walk(nowhere).error().fault, Fault::storage_failed);
}

TEST_F(StoreWalkTest, ReadsWhatIsAddedMeanwhileAndIsInNobodysWay) {
  auto engine = unwrap(sqlite::SqliteEngine::open(path));
  StoreWalk between(path);
  ASSERT_EQ(unwrap(between.step()), StoreWalk::Step::more);
  auto commit = grant(kCertificates);
  ASSERT_TRUE(apply(*engine, commit).durable());
  auto connection = unwrap(Connection::open(path, Connection::Use::write));
  EXPECT_EQ(unwrap(connection.number("PRAGMA wal_checkpoint(TRUNCATE)")), 0)
      << "no reader is in the way of the log between two pieces";
  EXPECT_TRUE(walk(between).ok());
}

TEST_F(StoreWalkTest, SortsNothingAndLooksForItsPlaceByTheOrder) {
  auto connection = unwrap(Connection::open(path, Connection::Use::read));
  for (const auto& sql : StoreWalk::questions()) {
    EXPECT_THAT(plan_of(connection, sql),
                AllOf(HasSubstr("SEARCH"), Not(HasSubstr("SCAN")), Not(HasSubstr("TEMP B-TREE"))))
        << sql;
  }
}

}  // namespace
}  // namespace signet::test
