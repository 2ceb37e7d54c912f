// A server that is there and says nothing: a session that was stopped, all of them, a COMMIT that
// waits for a standby.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/postgres_engine.h"
#include "support/postgres_server.h"
#include "support/store_records.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

using postgres::Connection;
using postgres::Patience;
using postgres::PostgresEngine;
using testing::HasSubstr;

constexpr std::chrono::milliseconds kAnswer{1000};
constexpr Patience kOneTry{.most = std::chrono::milliseconds{0}, .answer = kAnswer};
constexpr Patience kShorterThanAnAnswer{.most = kAnswer / 2, .answer = kAnswer};
constexpr Patience kMoreTries{.most = std::chrono::seconds{20}, .answer = kAnswer};

pid_t parent_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word != "PPid:") continue;
    pid_t parent = 0;
    status >> parent;
    return parent;
  }
  return 0;
}

enum class Whom { sessions, all };

/// The server's sessions stand still while this lives, or the server with them.
class StandingStill {
 public:
  StandingStill(const std::string& uri, Whom whom) {
    constexpr postgres::Statement kSessions{
        "sessions",
        "SELECT pid::BIGINT FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"};
    const auto sessions = *Connection::open(uri)->run(kSessions);
    for (int row = 0; row < sessions.size(); ++row) {
      stopped_.push_back(static_cast<pid_t>(sessions[row].number(0)));
    }
    if (whom == Whom::all) stopped_.push_back(parent_of(stopped_.at(0)));
    for (const auto each : stopped_) EXPECT_EQ(::kill(each, SIGSTOP), 0);
  }
  ~StandingStill() {
    for (const auto each : stopped_) static_cast<void>(::kill(each, SIGCONT));
  }
  StandingStill(const StandingStill&) = delete;
  StandingStill& operator=(const StandingStill&) = delete;

 private:
  std::vector<pid_t> stopped_;
};

/// Each COMMIT waits while this lives, its transaction kept at the primary alone.
class StandbyAway {
 public:
  explicit StandbyAway(const std::string& uri) : connection_(*Connection::open(uri)) {
    tell("ALTER SYSTEM SET synchronous_standby_names = 'away'");
  }
  ~StandbyAway() { tell("ALTER SYSTEM RESET synchronous_standby_names"); }
  StandbyAway(const StandbyAway&) = delete;
  StandbyAway& operator=(const StandbyAway&) = delete;

 private:
  void tell(const std::string& what) {
    EXPECT_TRUE(connection_.execute(what).ok());
    EXPECT_TRUE(connection_.execute("SELECT pg_reload_conf()").ok());
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
  }
  Connection connection_;
};

/// Does something just before the database is told to commit.
class CutShortJournal final : public audit::Journal {
 public:
  explicit CutShortJournal(std::function<void()> interruption)
      : interruption_(std::move(interruption)) {}
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    if (auto once = std::exchange(interruption_, nullptr)) once();
    for (const auto* event : events) names.push_back(event->name);
    return {};
  }
  std::vector<std::string> names;

 private:
  std::function<void()> interruption_;
};

store::CommitOutcome applied(store::Engine& engine, const store::Commit& commit,
                             audit::Journal& journal) {
  const std::vector<const store::Commit*> batch{&commit};
  return engine.apply(batch, journal).front();
}

/// As soon as the server has found its feet.
bool is_kept(store::Engine& engine, const store::Commit& commit) {
  for (int tries = 0; tries < 50; ++tries) {
    audit::MemoryJournal journal;
    if (applied(engine, commit, journal).durable()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return false;
}

struct SilentPostgres : testing::Test {
  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<PostgresEngine> node = *PostgresEngine::open(uri, kOneTry);
};

TEST_F(SilentPostgres, IsAskedNoLongerThanOneAnswerMayTake) {
  ASSERT_TRUE(node->find_certificate(serial(1)).ok());
  const StandingStill sessions(uri, Whom::sessions);
  const auto found = node->find_certificate(serial(1));
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault, Fault::storage_failed);
  EXPECT_THAT(found.error().detail, HasSubstr("has not answered"));
}

TEST_F(SilentPostgres, IsAskedAgainOverAnotherConnection) {
  const auto patient = *PostgresEngine::open(uri, kMoreTries);
  ASSERT_TRUE(patient->find_certificate(serial(1)).ok());
  const StandingStill sessions(uri, Whom::sessions);
  EXPECT_TRUE(patient->find_certificate(serial(1)).ok());
}

TEST_F(SilentPostgres, LeavesABatchInDoubtWhoseCommitWaitsForAStandby) {
  CutShortJournal journal({});
  {
    const StandbyAway away(uri);
    const auto outcome = applied(*node, grant(1), journal);
    ASSERT_TRUE(outcome.failed.has_value());
    EXPECT_EQ(outcome.failed->fault, Fault::in_doubt);
  }
  EXPECT_THAT(journal.names,
              testing::ElementsAre("CERT_REQUEST_PROCESSED", "AUDIT_BATCH_IN_DOUBT"));
  EXPECT_TRUE(is_kept(*node, grant(2)));
  EXPECT_EQ(*node->find_certificate(serial(1)), certificate(1)) << "the doubt was due";
}

/// As an administrator may: ends each wait for a standby, again and again, while this lives.
class BreakingOff {
 public:
  explicit BreakingOff(const std::string& uri)
      : thread_([this, connection = std::make_shared<Connection>(*Connection::open(uri))] {
          while (!ending_) {
            EXPECT_TRUE(connection
                            ->execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                                      "WHERE wait_event = 'SyncRep'")
                            .ok());
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
          }
        }) {}
  ~BreakingOff() {
    ending_ = true;
    thread_.join();
  }
  BreakingOff(const BreakingOff&) = delete;
  BreakingOff& operator=(const BreakingOff&) = delete;

 private:
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

TEST_F(SilentPostgres, DoesNotCallKeptWhatAStandbyMayLackSinceTheWaitForItWasBrokenOff) {
  const auto deaf = *PostgresEngine::open(uri + "%20-cclient_min_messages%3Derror", kOneTry);
  {
    const StandbyAway away(uri);
    const BreakingOff breaking_off(uri);
    for (auto* engine : {node.get(), deaf.get()}) {
      audit::MemoryJournal journal;
      const auto outcome = applied(*engine, grant(engine == node.get() ? 1 : 2), journal);
      ASSERT_TRUE(outcome.failed.has_value());
      EXPECT_EQ(outcome.failed->fault, Fault::in_doubt);
    }
  }
  EXPECT_TRUE(is_kept(*node, grant(3)));
  EXPECT_EQ(*node->find_certificate(serial(1)), certificate(1)) << "the doubt was due";
}

TEST_F(SilentPostgres, DoesNotWaitForTheAnswerOfACommitAsLongAsForOthers) {
  const auto patient = *PostgresEngine::open(uri, {.most = std::chrono::milliseconds{0},
                                                   .answer = std::chrono::seconds{20},
                                                   .commit = std::chrono::milliseconds{500}});
  const StandbyAway away(uri);
  audit::MemoryJournal journal;
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(applied(*patient, grant(1), journal).failed.value().fault, Fault::in_doubt);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
}

TEST_F(SilentPostgres, FindsOutWhatBecameOfACommitThatTookLongerThanItsAnswerMay) {
  const auto patient = *PostgresEngine::open(
      uri, {.most = std::chrono::seconds{20}, .commit = std::chrono::milliseconds{300}});
  std::optional<StandbyAway> away(std::in_place, uri);
  std::thread repair([&] {
    std::this_thread::sleep_for(std::chrono::seconds{2});
    away.reset();
  });
  CutShortJournal journal({});
  EXPECT_TRUE(applied(*patient, grant(1), journal).durable());
  repair.join();
  EXPECT_THAT(journal.names, testing::ElementsAre("CERT_REQUEST_PROCESSED"));
}

TEST_F(SilentPostgres, KeepsNobodyWaitingBehindABatchInDoubt) {
  {
    const StandbyAway away(uri);
    audit::MemoryJournal journal;
    ASSERT_EQ(applied(*node, grant(1), journal).failed.value().fault, Fault::in_doubt);
    const auto begun = std::chrono::steady_clock::now();
    CutShortJournal untouched({});
    for (const std::uint16_t number : std::initializer_list<std::uint16_t>{1, 2}) {
      const auto refused = applied(*node, grant(number), untouched);
      ASSERT_TRUE(refused.failed.has_value());
      EXPECT_EQ(refused.failed->fault, Fault::in_doubt);
      EXPECT_THAT(refused.failed->detail, HasSubstr("earlier batch"));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, kAnswer);
    EXPECT_TRUE(untouched.names.empty()) << "what was not tried is not on record";
  }
  EXPECT_TRUE(is_kept(*node, grant(2)));
  audit::MemoryJournal journal;
  EXPECT_EQ(applied(*node, grant(1), journal).conflict, store::Conflict::answered_before);
}

TEST_F(SilentPostgres, RecordsEventsAloneWhileSomethingElseIsBeingWritten) {
  const StandbyAway away(uri);
  auto adding = std::async(std::launch::async, [&] { return node->add_token(token(1)).ok(); });
  std::this_thread::sleep_for(kAnswer / 2);
  store::Commit refusal;
  refusal.events.push_back(event("CMC_REQUEST_RECEIVED"));
  audit::MemoryJournal journal;
  EXPECT_TRUE(applied(*node, refusal, journal).durable());
  EXPECT_EQ(adding.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
  EXPECT_FALSE(adding.get());
}

TEST_F(SilentPostgres, IsTriedOnceMoreHoweverLongItWasSilent) {
  const auto hasty = *PostgresEngine::open(uri, kShorterThanAnAnswer);
  ASSERT_TRUE(hasty->find_certificate(serial(1)).ok());
  const StandingStill sessions(uri, Whom::sessions);
  EXPECT_TRUE(hasty->find_certificate(serial(1)).ok());
  audit::MemoryJournal journal;
  EXPECT_TRUE(applied(*hasty, grant(1), journal).durable());
}

TEST_F(SilentPostgres, LetsNobodyTellOfWhatAStandbyMayNotHaveYet) {
  ASSERT_TRUE(is_kept(*node, grant(1)));
  store::Commit retry;
  retry.tells_of_record = true;
  retry.events.push_back(event("CMC_ANSWERED_AGAIN"));
  {
    const StandbyAway away(uri);
    audit::MemoryJournal journal;
    EXPECT_TRUE(applied(*node, retry, journal).failed.has_value());
  }
  EXPECT_TRUE(is_kept(*node, retry));
}

TEST_F(SilentPostgres, LeavesABatchInDoubtThatItStoodStillUnder) {
  std::optional<StandingStill> all;
  CutShortJournal journal([&] { all.emplace(uri, Whom::all); });
  EXPECT_EQ(applied(*node, grant(1), journal).failed.value().fault, Fault::in_doubt);
  EXPECT_EQ(journal.names.back(), "AUDIT_BATCH_IN_DOUBT");
  all.reset();
  EXPECT_TRUE(is_kept(*node, grant(2)));
}

TEST_F(SilentPostgres, FindsOutWhatBecameOfABatchWhoseSessionStoodStill) {
  const auto patient = *PostgresEngine::open(uri, kMoreTries);
  std::optional<StandingStill> sessions;
  std::thread repair;
  CutShortJournal journal([&] {
    sessions.emplace(uri, Whom::sessions);
    repair = std::thread([&] {
      std::this_thread::sleep_for(2 * kAnswer);
      sessions.reset();
    });
  });
  EXPECT_TRUE(applied(*patient, grant(1), journal).durable());
  repair.join();
  EXPECT_THAT(journal.names, testing::ElementsAre("CERT_REQUEST_PROCESSED"));
  EXPECT_EQ(*node->find_certificate(serial(1)), certificate(1));
}

}  // namespace
}  // namespace signet::test
