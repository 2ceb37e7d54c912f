#include "adapters/sqlite/sqlite_engine.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/writer.h"
#include "support/challenge_contract.h"
#include "support/engine_contract.h"
#include "support/lease_contract.h"
#include "support/life_contract.h"
#include "support/profile_contract.h"
#include "support/sqlite_scene.h"
#include "support/status_contract.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EngineContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, TokenContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StatusContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ChallengeContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LifeContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ProfileContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LeaseContract, Sqlite);

TEST(SqliteEngine, KeepsTokensAndHistoriesWhenOpenedAgain) {
  Sqlite store;
  ASSERT_TRUE(store.engine().add_token(token(1)).ok());
  ASSERT_TRUE(apply(store.engine(), use_of(token_id(1), 1)).durable());
  store.opened.reset();
  const auto again = sqlite::SqliteEngine::open(store.path);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*(*again)->find_token("user 1"), token(1));
  EXPECT_EQ((*again)->token_history(token_id(1))->uses, 1U);
}

TEST(SqliteEngine, SeesAtOnceWhatAnotherProcessGaveAndTookAway) {
  Sqlite server;
  const auto tool = sqlite::SqliteEngine::open(server.path);
  ASSERT_TRUE((*tool)->add_token(token(1)).ok());
  EXPECT_EQ(*server.engine().find_token("user 1"), token(1));
  EXPECT_EQ(server.engine().add_token(token(1)).error().fault, Fault::already_exists);
  ASSERT_TRUE((*tool)->revoke_token(token_id(1)).ok());
  EXPECT_EQ(*server.engine().find_token("user 1"), std::nullopt);
  EXPECT_EQ(apply(server.engine(), use_of(token_id(1), 1)).conflict, store::Conflict::token_used);
}

TEST(SqliteEngine, KeepsWhatAStoreOfTheFirstSchemaHolds) {
  const TemporaryFolder folder;
  const std::string path = folder / "store";
  {
    auto old = *sqlite::Connection::open(path, sqlite::Connection::Use::write);
    ASSERT_TRUE(sqlite::migrate(old, sqlite::migrations().first(1)).ok());
    ASSERT_TRUE(old.execute("INSERT INTO issuance_intent VALUES (x'4A0001', x'00', 'p', 1)").ok());
  }
  const auto engine = sqlite::SqliteEngine::open(path);
  ASSERT_TRUE(engine.ok());
  EXPECT_EQ(apply(**engine, intent(1)).conflict, store::Conflict::serial_taken);
  EXPECT_TRUE((*engine)->add_token(token(1)).ok());
}

TEST(SqliteEngine, RefusesAReasonOfRevocationThatNoSignetWrote) {
  Sqlite server;
  ASSERT_TRUE(apply(server.engine(), grant(1)).durable());
  ASSERT_TRUE(server.engine()
                  .change_status(serial(1), store::CertificateStatus::revoked, kNoon2026, 1)
                  .ok());
  auto other = *sqlite::Connection::open(server.path, sqlite::Connection::Use::write);
  for (const auto* reason : {"11", "-1", "4294967297"}) {
    ASSERT_TRUE(
        other.execute("UPDATE certificate SET revocation_reason = " + std::string(reason)).ok());
    EXPECT_FALSE(server.engine().find_certificate(serial(1)).ok()) << reason;
    const auto walked = server.engine().for_each_changed(0, 0, [](const auto&) {});
    ASSERT_FALSE(walked.ok()) << reason;
    EXPECT_THAT(walked.error().detail, testing::HasSubstr("reason of revocation"));
  }
}

TEST(SqliteEngine, ForgetsChallengesThatExpiredADayAgoByAndBy) {
  Sqlite server;
  for (std::uint8_t number = 1; number <= 20; ++number) {
    ASSERT_TRUE(apply(server.engine(), beginning(challenge(number))).durable());
  }
  auto later = challenge(30);
  later.created_at = challenge(1).expires_at + store::kChallengeKept;
  ASSERT_TRUE(apply(server.engine(), beginning(later)).durable());
  EXPECT_TRUE(server.engine().find_challenge(Bytes(16, 1))->has_value()) << "not a second early";
  later.created_at += std::chrono::seconds{1};
  for (std::uint8_t number = 31; number <= 33; ++number) {
    later.id = Bytes(16, number);
    ASSERT_TRUE(apply(server.engine(), beginning(later)).durable());
  }
  for (std::uint8_t number = 1; number <= 20; ++number) {
    EXPECT_FALSE(server.engine().find_challenge(Bytes(16, number))->has_value());
  }
}

TEST(SqliteEngine, ForgetsAChallengeOnceItsRequestWaitsNoMore) {
  Sqlite server;
  ASSERT_TRUE(apply(server.engine(), beginning(challenge(1))).durable());
  store::Commit waiting;
  waiting.pending = pending(1);  // of the same requester and transaction
  ASSERT_TRUE(apply(server.engine(), waiting).durable());
  auto later = challenge(30);
  later.created_at = challenge(1).expires_at + std::chrono::days{6};
  ASSERT_TRUE(apply(server.engine(), beginning(later)).durable());
  EXPECT_TRUE(server.engine().find_challenge(Bytes(16, 1))->has_value());
  store::Commit decided;
  decided.pending_decision = decision(1, store::PendingState::rejected);
  ASSERT_TRUE(apply(server.engine(), decided).durable());
  later.id = Bytes(16, 31);
  ASSERT_TRUE(apply(server.engine(), beginning(later)).durable());
  EXPECT_FALSE(server.engine().find_challenge(Bytes(16, 1))->has_value());
}

TEST(SqliteQueries, WalkThroughNoTable) {
  const Sqlite store;
  auto connection = *sqlite::Connection::open(store.path, sqlite::Connection::Use::read);
  constexpr std::string_view kNoTable = "SCAN CONSTANT ROW\n";
  for (const auto sql : sqlite::queries::kAll) {
    auto plan = plan_of(connection, sql);
    if (plan.starts_with(kNoTable)) plan.erase(0, kNoTable.size());
    EXPECT_THAT(plan, testing::Not(testing::HasSubstr("SCAN"))) << sql;
  }
  EXPECT_THAT(plan_of(connection, sqlite::queries::kListTokens), testing::HasSubstr("SCAN"));
}

}  // namespace
}  // namespace signet::test
