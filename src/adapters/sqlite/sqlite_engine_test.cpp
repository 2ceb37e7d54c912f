#include "adapters/sqlite/sqlite_engine.h"

#include <filesystem>

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/writer.h"
#include "support/challenge_contract.h"
#include "support/change_status.h"
#include "support/condition_contract.h"
#include "support/engine_contract.h"
#include "support/lease_contract.h"
#include "support/life_contract.h"
#include "support/marked_journal.h"
#include "support/outbox_contract.h"
#include "support/profile_contract.h"
#include "support/sqlite_scene.h"
#include "support/status_contract.h"
#include "support/subject_contract.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EngineContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConditionContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SubjectContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, TokenContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StatusContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ChallengeContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LifeContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ProfileContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OutboxContract, Sqlite);
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

TEST(SqliteEngine, OpenedToReadSeesWhatTheServerWrites) {
  Sqlite server;
  const auto looking = sqlite::SqliteEngine::open_to_read(server.path);
  ASSERT_TRUE(looking.ok());
  ASSERT_TRUE(server.engine().add_token(token(1)).ok());
  EXPECT_EQ(*(*looking)->find_token("user 1"), token(1));
}

TEST(SqliteEngine, OpenedToReadLeavesAnOlderSchemaAsItIs) {
  const TemporaryFolder folder;
  const std::string path = folder / "store";
  auto old = *sqlite::Connection::open(path, sqlite::Connection::Use::write);
  ASSERT_TRUE(sqlite::migrate(old, sqlite::migrations().first(1)).ok());
  const auto looking = sqlite::SqliteEngine::open_to_read(path);
  ASSERT_FALSE(looking.ok());
  EXPECT_EQ(looking.error().fault, Fault::bad_configuration);
  EXPECT_EQ(*old.number("PRAGMA user_version"), 1);
}

TEST(SqliteEngine, OpenedToReadMakesNoFile) {
  const TemporaryFolder folder;
  const auto looking = sqlite::SqliteEngine::open_to_read(folder / "store");
  ASSERT_FALSE(looking.ok());
  EXPECT_EQ(looking.error().fault, Fault::storage_failed);
  EXPECT_FALSE(std::filesystem::exists(folder / "store"));
}

store::Commit told(store::Commit commit) {
  commit.events.push_back({.name = "TOLD", .time = {}, .fields = {}});
  return commit;
}

std::optional<audit::JournalMark> known_mark(const Sqlite& store) {
  return *store.opened->find_journal_mark("audit.jsonl");
}

TEST(SqliteEngine, KnowsWhereAJournalStandsOnceItIsClosed) {
  Sqlite store;
  EXPECT_EQ(known_mark(store), std::nullopt);
  MarkedJournal journal;
  for (std::uint16_t number = 1; number <= 3; ++number) {
    ASSERT_TRUE(apply(store.engine(), told(grant(number)), journal).durable());
  }
  ASSERT_TRUE(apply(store.engine(), told({}), journal).durable());
  store.opened.reset();
  store.opened = *sqlite::SqliteEngine::open(store.path);
  EXPECT_EQ(known_mark(store), journal.mark());
  EXPECT_EQ(*store.opened->find_journal_mark("operator.jsonl"), std::nullopt);
}

TEST(SqliteEngine, KnowsSomePlaceOfAJournalWhileItIsOpen) {
  Sqlite store;
  MarkedJournal journal;
  ASSERT_TRUE(apply(store.engine(), told({}), journal).durable());
  EXPECT_EQ(known_mark(store), std::nullopt)
      << "for events alone nothing is written to a store that may be full";
  ASSERT_TRUE(apply(store.engine(), told(grant(1)), journal).durable());
  const auto first = journal.mark();
  EXPECT_EQ(known_mark(store), first);
  std::uint16_t number = 1;
  while (known_mark(store) == first && number < 500) {
    ASSERT_TRUE(apply(store.engine(), told(grant(++number)), journal).durable());
    store.engine().tidy();
  }
  EXPECT_EQ(known_mark(store), journal.mark())
      << "the log was carried over, and this is in the next";
  EXPECT_GT(number, 3) << "not each batch is a page longer";
}

TEST(SqliteEngine, KeepsNoMarkOfAJournalThatHasNone) {
  Sqlite store;
  ASSERT_TRUE(apply(store.engine(), told(grant(1))).durable());
  store.opened.reset();
  store.opened = *sqlite::SqliteEngine::open(store.path);
  EXPECT_EQ(known_mark(store), std::nullopt);
}

TEST(SqliteEngine, RefusesAReasonOfRevocationThatNoSignetWrote) {
  Sqlite server;
  ASSERT_TRUE(apply(server.engine(), grant(1)).durable());
  ASSERT_TRUE(change_status(server.engine(), serial(1), store::CertificateStatus::revoked,
                            kNoon2026, pkix::CRLReason::keyCompromise)
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
