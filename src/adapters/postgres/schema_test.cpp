#include "adapters/postgres/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "adapters/postgres/all_queries.h"
#include "support/postgres_server.h"

namespace signet::postgres {
namespace {

using test::PostgresServer;
using testing::HasSubstr;

struct Schema {
  std::string uri = PostgresServer::instance().fresh_schema();
  Connection connection = *Connection::open(uri);

  /// By a connection of its own, since `sql` does not outlive it.
  std::int64_t number(const char* sql) const {
    auto asking = *Connection::open(uri);
    const Statement statement{"", sql};
    return (*asking.run(statement))[0].number(0);
  }
  std::int64_t version() const { return number("SELECT version FROM signet_schema"); }
};

TEST(Migrate, GivesAnEmptySchemaTheNewestVersionOnce) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  ASSERT_TRUE(migrate(schema.connection).ok());
  EXPECT_EQ(schema.version(), static_cast<std::int64_t>(migrations().size()));
}

TEST(Migrate, BringsAnOlderSchemaForwardAndKeepsItsRows) {
  constexpr std::array<std::string_view, 2> kSteps{
      "CREATE TABLE word (text TEXT NOT NULL); INSERT INTO word VALUES ('old')",
      "ALTER TABLE word ADD COLUMN size BIGINT; UPDATE word SET size = length(text)"};
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection, std::span(kSteps).first(1)).ok());
  ASSERT_EQ(schema.version(), 1);
  ASSERT_TRUE(migrate(schema.connection, kSteps).ok());
  EXPECT_EQ(schema.version(), 2);
  EXPECT_EQ(schema.number("SELECT size FROM word"), 3);
}

TEST(Migrate, TakesAStepBackThatFailsHalfWay) {
  constexpr std::array<std::string_view, 2> kSteps{"CREATE TABLE first (a BIGINT)",
                                                   "CREATE TABLE second (a BIGINT); NONSENSE"};
  Schema schema;
  EXPECT_EQ(migrate(schema.connection, kSteps).error().fault, Fault::storage_failed);
  EXPECT_EQ(schema.version(), 1);
  EXPECT_EQ(schema.number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() "
                          "AND tablename = 'second'"),
            0);
  EXPECT_FALSE(schema.connection.in_transaction());
}

TEST(Migrate, LetsAStepTakeLongerThanAnAnswerMay) {
  constexpr std::array<std::string_view, 1> kSteps{"SELECT pg_sleep(2)"};
  Schema schema;
  auto hasty = *Connection::open(schema.uri, std::chrono::milliseconds{700});
  EXPECT_FALSE(hasty.execute("SELECT pg_sleep(2)").ok());
  hasty = *Connection::open(schema.uri, std::chrono::milliseconds{700});
  const auto migrated = migrate(hasty, kSteps);
  EXPECT_TRUE(migrated.ok()) << migrated.error().detail;
  EXPECT_EQ(schema.version(), 1);
}

TEST(Migrate, RefusesASchemaOfANewerSignet) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  ASSERT_TRUE(schema.connection.execute("UPDATE signet_schema SET version = 99").ok());
  const auto migrated = migrate(schema.connection);
  ASSERT_FALSE(migrated.ok());
  EXPECT_EQ(migrated.error().fault, Fault::bad_configuration);
  EXPECT_THAT(migrated.error().detail, HasSubstr("newer Signet"));
}

TEST(Migrate, RefusesTheTablesOfAnotherProgram) {
  Schema schema;
  ASSERT_TRUE(schema.connection.execute("CREATE TABLE certificate (a BIGINT)").ok());
  const auto migrated = migrate(schema.connection);
  ASSERT_FALSE(migrated.ok());
  EXPECT_EQ(migrated.error().fault, Fault::bad_configuration);
  EXPECT_THAT(migrated.error().detail, HasSubstr("a schema of its own"));
}

TEST(DemandNewest, TakesASchemaOfThisVersionAndNoOther) {
  Schema schema;
  const auto refused = [&] { return demand_newest(schema.connection).error(); };
  EXPECT_THAT(refused().detail, HasSubstr("no store yet"));
  EXPECT_EQ(schema.number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"), 0);
  ASSERT_TRUE(migrate(schema.connection).ok());
  EXPECT_TRUE(demand_newest(schema.connection).ok());
  ASSERT_TRUE(schema.connection.execute("UPDATE signet_schema SET version = 2").ok());
  EXPECT_EQ(refused().fault, Fault::bad_configuration);
  EXPECT_THAT(refused().detail, HasSubstr("older Signet"));
  EXPECT_EQ(schema.version(), 2);
  ASSERT_TRUE(schema.connection.execute("UPDATE signet_schema SET version = 99").ok());
  EXPECT_THAT(refused().detail, HasSubstr("newer Signet"));
}

/// What PostgreSQL would do in a large store, where walking is dear.
std::string plan_of(const std::string& uri, const char* sql) {
  auto connection = *Connection::open(uri);
  EXPECT_TRUE(connection
                  .execute("SET enable_seqscan = off; SET plan_cache_mode = "
                           "force_generic_plan; SET enable_bitmapscan = off")
                  .ok());
  const auto explain = "PREPARE asked AS " + std::string(sql);
  EXPECT_TRUE(connection.execute(explain).ok()) << sql;
  const Statement parameters{
      "",
      "SELECT repeat('NULL,', cardinality(parameter_types)) FROM pg_prepared_statements "
      "WHERE name = 'asked'"};
  const auto counted = *connection.run(parameters);
  std::string nulls(counted[0].text(0));
  if (!nulls.empty()) nulls.pop_back();
  const auto execute =
      "EXPLAIN (COSTS off) EXECUTE asked" + (nulls.empty() ? "" : "(" + nulls + ")");
  const Statement ask{"", execute.c_str()};
  const auto rows = *connection.run(ask);
  std::string plan;
  for (int row = 0; row < rows.size(); ++row) plan += std::string(rows[row].text(0)) + "\n";
  return plan;
}

TEST(Queries, WalkThroughNoTable) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  for (const auto* statement : queries::kAll) {
    EXPECT_THAT(plan_of(schema.uri, statement->sql), testing::Not(HasSubstr("Seq Scan")))
        << statement->name;
  }
}

TEST(Queries, FindTheNewestAndWhatChangedWithoutSorting) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  for (const auto* statement :
       {&queries::kFindByTime, &queries::kFindByStatus, &queries::kChanged, &queries::kListPending,
        &queries::kListPendingOfState, &queries::kNewestEdition, &queries::kPressingPublications,
        &queries::kUnhurriedPublications, &queries::kOpenChallenges}) {
    EXPECT_THAT(plan_of(schema.uri, statement->sql), testing::Not(HasSubstr("Sort")))
        << statement->name;
  }
}

TEST(Migrate, KeepsWhatWaitsWhenItIsBounded) {
  constexpr std::size_t kBefore = 6;
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection, migrations().first(kBefore)).ok());
  ASSERT_TRUE(schema.connection
                  .execute("INSERT INTO publication VALUES (1, 5, '\\x01', 0, 5), "
                           "(2, 6, '\\x01', 0, 6), (3, -7, '\\x01', 0, 7);"
                           "INSERT INTO pending_challenge VALUES ('\\x01', '\\xAA', '', '', '', "
                           "'', 0, 5, 9, 0, 0)")
                  .ok());
  ASSERT_TRUE(migrate(schema.connection).ok());
  EXPECT_EQ(schema.number("SELECT count(*) FROM publication"), 3);
  EXPECT_EQ(schema.number("SELECT count(*) FROM pending_challenge WHERE "
                          "requester_hash = '\\xAA' AND state = 0 AND expires_at >= 9"),
            1);
}

TEST(Queries, ReadNoMoreOfWhatWaitsThanIsCounted) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  const auto plan = plan_of(schema.uri, queries::kCountWaiting.sql);
  for (const auto* index : {"pending_request_waiting", "pending_challenge_waiting"}) {
    EXPECT_THAT(plan, HasSubstr("Index Only Scan using " + std::string(index)));
  }
  EXPECT_THAT(plan, testing::Not(HasSubstr("Sort")));
  EXPECT_THAT(plan_of(schema.uri, queries::kTakePublicationsOf.sql),
              HasSubstr("publication_by_certificate"));
}

TEST(Queries, WalkThroughNoTableWhosePlanWasMadeWhileItWasSmall) {
  Schema schema;
  ASSERT_TRUE(migrate(schema.connection).ok());
  constexpr Statement kSetting{"setting", "SHOW enable_seqscan"};
  EXPECT_EQ((*schema.connection.run(kSetting))[0].text(0), "off");
}

TEST(OpenConnection, RefusesAUriThatIsNone) {
  for (const auto* uri : {"", "store.db", "host=localhost", "postgresql://[::1"}) {
    EXPECT_EQ(Connection::open(uri).error().fault, Fault::bad_configuration) << uri;
  }
}

TEST(OpenConnection, RefusesAUriWithAPasswordAndDoesNotRepeatIt) {
  for (const auto* uri : {"postgresql://signet:geheim@localhost/signet",
                          "postgresql://localhost/signet?password=geheim",
                          "postgresql://signet:geheim@[::1/signet"}) {
    const auto opened = Connection::open(uri);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().fault, Fault::bad_configuration);
    EXPECT_THAT(opened.error().detail, testing::Not(HasSubstr("geheim"))) << uri;
  }
}

TEST(OpenConnection, SaysThatNoServerIsThere) {
  const test::TemporaryFolder folder;
  const auto opened = Connection::open("postgresql:///x?host=" + folder.path().string());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::storage_failed);
  EXPECT_THAT(opened.error().detail, HasSubstr("see that it runs"));
}

TEST(Pipeline, DoesNothingBehindAFaultAndGoesOnAfterwards) {
  Schema schema;
  constexpr Statement kMake{"make", "CREATE TABLE word (a BIGINT UNIQUE)"};
  constexpr Statement kAdd{"add", "INSERT INTO word VALUES ($1)"};
  ASSERT_TRUE(schema.connection.run(kMake).ok());
  const auto one = [] { return std::move(Parameters().with(std::int64_t{1})); };
  Pipeline pipeline;
  pipeline.add(kAdd, one());
  pipeline.add(kAdd, one());
  pipeline.add(kAdd, std::move(Parameters().with(std::int64_t{2})));
  const auto done = schema.connection.run(pipeline);
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().detail, HasSubstr("23505"));
  EXPECT_EQ(schema.connection.trouble(), Trouble::other);
  EXPECT_EQ(schema.number("SELECT count(*) FROM word"), 0);
  EXPECT_TRUE(schema.connection.run(kAdd, one()).ok());
}

}  // namespace
}  // namespace signet::postgres
