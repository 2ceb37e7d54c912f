#include "adapters/sqlite/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "adapters/sqlite/queries.h"
#include "support/sqlite_scene.h"

namespace signet::sqlite {
namespace {

using test::plan_of;
using test::TemporaryFolder;
using testing::HasSubstr;

Connection opened(const std::string& path) {
  return *Connection::open(path, Connection::Use::write);
}

std::int64_t version_of(Connection& connection) {
  return *connection.number("PRAGMA user_version");
}

TEST(Migrate, GivesAnEmptyFileTheNewestSchema) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_EQ(version_of(connection), static_cast<std::int64_t>(migrations().size()));
  EXPECT_EQ(*connection.number("PRAGMA application_id"), kApplicationId);
}

TEST(Migrate, ChangesNothingASecondTime) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  const auto schema = *connection.number("PRAGMA schema_version");
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_EQ(*connection.number("PRAGMA schema_version"), schema);
}

TEST(Migrate, BringsAnOlderFileForwardAndKeepsItsRows) {
  constexpr std::array<std::string_view, 2> kSteps{
      "CREATE TABLE word (text TEXT NOT NULL); INSERT INTO word VALUES ('old')",
      "ALTER TABLE word ADD COLUMN length INTEGER; UPDATE word SET length = length(text)"};
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection, std::span(kSteps).first(1)).ok());
  ASSERT_EQ(version_of(connection), 1);
  ASSERT_TRUE(migrate(connection, kSteps).ok());
  EXPECT_EQ(version_of(connection), 2);
  EXPECT_EQ(*connection.number("SELECT length FROM word"), 3);
}

TEST(Migrate, TakesAStepBackThatFailsHalfWay) {
  constexpr std::array<std::string_view, 2> kSteps{"CREATE TABLE first (a)",
                                                   "CREATE TABLE second (a); CREATE NONSENSE"};
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  EXPECT_EQ(migrate(connection, kSteps).error().fault, Fault::storage_failed);
  EXPECT_EQ(version_of(connection), 1);
  EXPECT_EQ(*connection.number("SELECT count(*) FROM sqlite_schema"), 1);
  EXPECT_FALSE(connection.in_transaction());
}

TEST(Migrate, KeepsCrlsAndWhatIsRevokedWhenShardsCome) {
  constexpr std::size_t kBefore = 5;
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection, migrations().first(kBefore)).ok());
  ASSERT_TRUE(
      connection
          .execute("INSERT INTO certificate VALUES "
                   "(1, x'01', 2, 5, 5, 9, 6, 1, x'00', x'00', x'00', '', '', x'00', NULL),"
                   "(2, x'02', 0, 5, 5, 9, NULL, 0, x'00', x'00', x'00', '', '', x'00', NULL),"
                   "(3, x'03', 1, 5, 5, 9, 6, 6, x'00', x'00', x'00', '', '', x'00', NULL);"
                   "INSERT INTO crl VALUES (6, 10, 20, x'AA'), (7, 11, 21, x'BB')")
          .ok());
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_EQ(*connection.number("SELECT count(*) FROM certificate WHERE status_change > 0"), 2);
  EXPECT_EQ(*connection.number("SELECT status_change FROM certificate WHERE id = 2"), 0);
  EXPECT_EQ(*connection.number("SELECT sum(crl_shard) FROM certificate"), 0);
  EXPECT_EQ(*connection.number("SELECT number FROM crl WHERE der = x'BB' AND shard = 0 "
                               "AND base_number IS NULL AND this_update = 11"),
            7);
  EXPECT_EQ(*connection.number("SELECT count(*) FROM crl"), 2);
}

TEST(Migrate, KeepsCountedProofsWhenTheyAreToldByIdentification) {
  constexpr std::size_t kBefore = 10;
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection, migrations().first(kBefore)).ok());
  ASSERT_TRUE(connection.execute("INSERT INTO token_history VALUES (x'01', 2, 5, 9)").ok());
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_EQ(*connection.number("SELECT count(*) FROM token_history WHERE token_id = x'01' AND "
                               "uses = 2 AND failures = 5 AND last_failure_at = 9 AND "
                               "identification = ''"),
            1);
}

TEST(Migrate, RefusesAFileOfANewerSignet) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  ASSERT_TRUE(connection.execute("PRAGMA user_version = 99").ok());
  const auto migrated = migrate(connection);
  ASSERT_FALSE(migrated.ok());
  EXPECT_EQ(migrated.error().fault, Fault::bad_configuration);
  EXPECT_THAT(migrated.error().detail, HasSubstr("newer Signet"));
}

TEST(Migrate, RefusesTheDatabaseOfAnotherProgram) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(connection.execute("CREATE TABLE bookmarks (a)").ok());
  EXPECT_EQ(migrate(connection).error().fault, Fault::bad_configuration);
  EXPECT_EQ(version_of(connection), 0);
}

TEST(DemandNewest, TakesAFileOfThisVersionAndNoOther) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_TRUE(demand_newest(connection).ok());
  const auto newest = static_cast<std::int64_t>(migrations().size());
  for (const auto& [version, words] :
       {std::pair{newest - 1, "older Signet"}, {newest + 1, "newer Signet"}}) {
    ASSERT_TRUE(connection.execute("PRAGMA user_version = " + std::to_string(version)).ok());
    const auto demanded = demand_newest(connection);
    ASSERT_FALSE(demanded.ok());
    EXPECT_EQ(demanded.error().fault, Fault::bad_configuration);
    EXPECT_THAT(demanded.error().detail, HasSubstr(words));
    EXPECT_EQ(version_of(connection), version);
  }
}

TEST(DemandNewest, RefusesTheDatabaseOfAnotherProgram) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(connection.execute("CREATE TABLE bookmarks (a)").ok());
  const auto newest = std::to_string(migrations().size());
  ASSERT_TRUE(connection.execute("PRAGMA user_version = " + newest).ok());
  EXPECT_EQ(demand_newest(connection).error().fault, Fault::bad_configuration);
}

TEST(Queries, FindTheNewestWithoutSorting) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  for (const auto sql :
       {queries::kFindByTime, queries::kFindByStatus, queries::kListPending,
        queries::kListPendingAfter, queries::kListPendingOfState, queries::kListPendingOfStateAfter,
        queries::kNewestEdition, queries::kProfileFiles, queries::kPressingPublications,
        queries::kUnhurriedPublications, queries::kOpenChallenges}) {
    EXPECT_THAT(plan_of(connection, sql), testing::Not(HasSubstr("TEMP B-TREE"))) << sql;
  }
}

TEST(Migrate, KeepsWhatWaitsWhenItIsBounded) {
  constexpr std::size_t kBefore = 14;
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection, migrations().first(kBefore)).ok());
  ASSERT_TRUE(connection
                  .execute("INSERT INTO publication VALUES (1, x'01', 0, 5), (2, x'01', 0, 6), "
                           "(-3, x'01', 0, 7);"
                           "INSERT INTO pending_challenge VALUES "
                           "(1, x'01', x'AA', x'', x'', '', x'', 0, 5, 9, 0, 0)")
                  .ok());
  ASSERT_TRUE(migrate(connection).ok());
  EXPECT_EQ(*connection.number("SELECT count(*) FROM publication"), 3);
  EXPECT_EQ(*connection.number("SELECT count(*) FROM pending_challenge WHERE "
                               "requester_hash = x'AA' AND state = 0 AND expires_at >= 9"),
            1);
}

TEST(Queries, ReadNoMoreOfWhatWaitsThanIsCounted) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  const auto plan = plan_of(connection, queries::kWaitingOfRequester);
  for (const auto* index : {"pending_request_waiting", "pending_challenge_waiting"}) {
    EXPECT_THAT(plan, HasSubstr("COVERING INDEX " + std::string(index) +
                                " (requester_hash=? AND expires_at>?)"));
  }
  EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE")));
  EXPECT_THAT(plan_of(connection, queries::kTakePublicationOf),
              HasSubstr("INDEX publication_by_certificate (serial_number=?)"));
}

TEST(Queries, MakeCrlsFromTheIndexAlone) {
  const TemporaryFolder folder;
  auto connection = opened(folder / "store");
  ASSERT_TRUE(migrate(connection).ok());
  const auto plan = plan_of(connection, queries::kChanged);
  EXPECT_THAT(plan, HasSubstr("COVERING INDEX certificate_by_change"));
  EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE")));
}

}  // namespace
}  // namespace signet::sqlite
