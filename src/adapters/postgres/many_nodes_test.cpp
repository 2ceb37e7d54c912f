#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/postgres_engine.h"
#include "support/challenge_contract.h"
#include "support/change_status.h"
#include "support/engine_contract.h"
#include "support/postgres_server.h"
#include "support/status_contract.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

using postgres::Connection;
using postgres::PostgresEngine;

constexpr postgres::Patience kLong{.most = std::chrono::seconds{60}};
constexpr postgres::Patience kNone{.most = std::chrono::milliseconds{0}};

/// Two nodes of one store.
struct Cluster {
  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<PostgresEngine> one = *PostgresEngine::open(uri, kLong);
  std::unique_ptr<PostgresEngine> other = *PostgresEngine::open(uri, kLong);
};

std::vector<store::CommitOutcome> apply(store::Engine& engine,
                                        const std::vector<store::Commit>& commits,
                                        audit::Journal& journal) {
  std::vector<const store::Commit*> batch;
  for (const auto& commit : commits) batch.push_back(&commit);
  return engine.apply(batch, journal);
}

store::CommitOutcome apply(store::Engine& engine, const store::Commit& commit) {
  audit::MemoryJournal journal;
  return apply(engine, std::vector{commit}, journal).front();
}

/// How many of the commits each node keeps when both want them at the same time, one by one.
int kept_by_both(Cluster& cluster, const std::vector<store::Commit>& commits) {
  std::atomic<int> kept = 0;
  const auto want_all = [&](store::Engine& engine) {
    for (const auto& commit : commits) {
      const auto outcome = apply(engine, commit);
      EXPECT_FALSE(outcome.failed.has_value());
      kept += outcome.durable() ? 1 : 0;
    }
  };
  std::thread thread([&] { want_all(*cluster.other); });
  want_all(*cluster.one);
  thread.join();
  return kept;
}

TEST(Cluster, KeepsEachOfManyContestedCommitsOnce) {
  Cluster cluster;
  std::vector<store::Commit> contested;
  for (std::uint16_t number = 1; number <= 20; ++number) {
    contested.push_back(grant(number));  // one digest, nonce, serial number and key
    auto answer = change_of(static_cast<std::uint8_t>(number), store::ChallengeEvent::answered);
    contested.push_back(answer);
    contested.push_back(use_of(token_id(static_cast<std::uint8_t>(number)), 1));
    ASSERT_TRUE(
        apply(*cluster.one, beginning(challenge(static_cast<std::uint8_t>(number)))).durable());
  }
  EXPECT_EQ(kept_by_both(cluster, contested), 60);
}

TEST(Cluster, CertifiesAContestedKeyOnce) {
  Cluster cluster;
  std::vector<store::Commit> commits;
  for (std::uint16_t number = 1; number <= 20; ++number) commits.push_back(grant(number));
  std::atomic<int> kept = 0;
  const auto want_all = [&](store::Engine& engine, std::uint16_t offset) {
    for (auto commit : commits) {  // other messages and serial numbers for the same keys
      const auto fresh = grant(static_cast<std::uint16_t>(
          offset + static_cast<std::uint16_t>(commit.answered->serial_numbers.front().octets[2])));
      commit.answered = fresh.answered;
      commit.certificates.front().serial_number = fresh.certificates.front().serial_number;
      kept += apply(engine, commit).durable() ? 1 : 0;
    }
  };
  std::thread thread([&] { want_all(*cluster.other, 1000); });
  want_all(*cluster.one, 2000);
  thread.join();
  EXPECT_EQ(kept, 20);
  for (const auto& commit : commits) {
    EXPECT_EQ(cluster.one->find_by_key(commit.keys.front().key_hash)->size(), 1U);
  }
}

TEST(Cluster, AConflictWithAnotherNodeDoesNotFailTheOthersOfABatch) {
  Cluster cluster;
  ASSERT_TRUE(apply(*cluster.one, grant(2)).durable());
  audit::MemoryJournal journal;
  const auto outcomes = apply(*cluster.other, {grant(1), grant(2), grant(3)}, journal);
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::answered_before);
  EXPECT_TRUE(outcomes[2].durable());
  EXPECT_EQ(journal.events().size(), 2U);
}

TEST(Cluster, NumbersChangesInTheOrderInWhichTheyBecomeVisible) {
  Cluster cluster;
  constexpr std::uint16_t kEach = 40;
  for (std::uint16_t number = 1; number <= 2 * kEach; ++number) {
    ASSERT_TRUE(apply(*cluster.one, grant(number)).durable());
  }
  std::atomic<bool> ended = false;
  const auto revoke = [](store::Engine& engine, std::uint16_t from) {
    using enum store::CertificateStatus;
    for (std::uint16_t number = from; number < from + kEach; ++number) {
      EXPECT_TRUE(apply(engine, status_change(number, valid, revoked)).durable());
    }
  };
  // Who has seen a change never finds another one before it later.
  std::uint64_t seen = 0;
  std::size_t told = 0;
  std::thread watch([&] {
    for (bool last = false; !last;) {
      last = ended;
      EXPECT_TRUE(cluster.one
                      ->for_each_changed(0, seen,
                                         [&](const store::StatusEntry& entry) {
                                           EXPECT_EQ(entry.change, seen + 1);
                                           seen = entry.change;
                                           ++told;
                                         })
                      .ok());
    }
  });
  std::thread thread([&] { revoke(*cluster.other, kEach + 1); });
  revoke(*cluster.one, 1);
  thread.join();
  ended = true;
  watch.join();
  EXPECT_EQ(told, 2U * kEach);
}

TEST(Cluster, WalksThroughMoreChangesThanFitIntoOneAnswer) {
  Cluster cluster;
  auto revoked = *Connection::open(cluster.uri);
  ASSERT_TRUE(revoked
                  .execute("INSERT INTO certificate SELECT int8send(n), 2, 1, n, 1, 9, 2, 1, NULL, "
                           "int8send(n), 0, '', '', '', '', '', 0, n FROM generate_series(1, "
                           "12345) AS n")
                  .ok());
  std::uint64_t last = 0;
  ASSERT_TRUE(cluster.one
                  ->for_each_changed(0, 0,
                                     [&](const auto& entry) {
                                       EXPECT_EQ(entry.change, last + 1);
                                       last = entry.change;
                                     })
                  .ok());
  EXPECT_EQ(last, 12345U);
}

TEST(Cluster, RefusesAReasonOfRevocationThatNoSignetWrote) {
  Cluster cluster;
  ASSERT_TRUE(apply(*cluster.one, grant(1)).durable());
  ASSERT_TRUE(change_status(*cluster.one, serial(1), store::CertificateStatus::revoked, kNoon2026,
                            pkix::CRLReason::keyCompromise)
                  .ok());
  auto connection = *Connection::open(cluster.uri);
  for (const auto* reason : {"11", "-1", "4294967297"}) {
    ASSERT_TRUE(
        connection.execute("UPDATE certificate SET revocation_reason = " + std::string(reason))
            .ok());
    EXPECT_FALSE(cluster.one->find_certificate(serial(1)).ok()) << reason;
    const auto walked = cluster.one->for_each_changed(0, 0, [](const auto&) {});
    ASSERT_FALSE(walked.ok()) << reason;
    EXPECT_THAT(walked.error().detail, testing::HasSubstr("reason of revocation"));
  }
}

TEST(Cluster, LetsOneOfTwoNodesMakeTheFirstCrlOfAShard) {
  Cluster cluster;
  for (std::uint32_t shard = 0; shard < 10; ++shard) {
    std::atomic<int> kept = 0;
    std::thread thread(
        [&] { kept += apply(*cluster.other, in_shard(crl_commit(7), shard)).durable() ? 1 : 0; });
    kept += apply(*cluster.one, in_shard(crl_commit(1), shard)).durable() ? 1 : 0;
    thread.join();
    EXPECT_EQ(kept, 1);
  }
}

TEST(Cluster, IsMigratedByBothNodesAtTheSameTime) {
  const auto uri = PostgresServer::instance().fresh_schema();
  bool opened = false;
  std::thread thread([&] { opened = PostgresEngine::open(uri).ok(); });
  EXPECT_TRUE(PostgresEngine::open(uri).ok());
  thread.join();
  EXPECT_TRUE(opened);
}

/// Ends the server's sessions of this database, as a server that stops does.
void end_sessions(const std::string& uri, std::string_view which) {
  auto connection = *Connection::open(uri);
  ASSERT_TRUE(connection
                  .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                           "pg_backend_pid() AND backend_type = 'client backend' AND " +
                           std::string(which))
                  .ok());
}

/// Does something just before the database is told to commit.
class InterruptedJournal final : public audit::Journal {
 public:
  explicit InterruptedJournal(std::function<void()> interruption)
      : interruption_(std::move(interruption)) {}
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    if (auto once = std::exchange(interruption_, nullptr)) once();
    return memory.append(events);
  }
  audit::MemoryJournal memory;

 private:
  std::function<void()> interruption_;
};

std::vector<std::string> names_of(const std::vector<audit::Event>& events) {
  std::vector<std::string> names;
  for (const auto& event : events) names.push_back(event.name);
  return names;
}

TEST(PostgresEngine, DoesABatchAgainWhoseConnectionWasLostBeforeItWasKept) {
  Cluster cluster;
  InterruptedJournal journal([&] { end_sessions(cluster.uri, "true"); });
  const auto outcomes = apply(*cluster.one, {grant(1)}, journal);
  EXPECT_TRUE(outcomes.front().durable());
  EXPECT_EQ(cluster.other->find_certificates({})->size(), 1U);
  EXPECT_THAT(names_of(journal.memory.events()),
              testing::ElementsAre("CERT_REQUEST_PROCESSED", "AUDIT_BATCH_ABANDONED",
                                   "CERT_REQUEST_PROCESSED"));
}

/// Lets a transaction be kept, and its session end before it can say so.
constexpr const char* kEndWhenKept =
    "CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER end_session AFTER INSERT ON certificate DEFERRABLE "
    "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_session()";

TEST(PostgresEngine, FindsOutWhatBecameOfABatchWhoseConnectionWasLostDuringCommit) {
  Cluster cluster;
  auto connection = *Connection::open(cluster.uri);
  ASSERT_TRUE(connection.execute(kEndWhenKept).ok());
  InterruptedJournal journal({});
  std::atomic<bool> ended = false;
  std::thread repair([&] {  // so that one of the tries after the first ones is left alone
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    EXPECT_TRUE(connection.execute("DROP TRIGGER end_session ON certificate").ok());
    ended = true;
  });
  const auto outcomes = apply(*cluster.one, {grant(1)}, journal);
  repair.join();
  EXPECT_TRUE(outcomes.front().durable());
  EXPECT_EQ(cluster.other->find_certificates({})->size(), 1U);
  EXPECT_EQ(names_of(journal.memory.events()).back(), "CERT_REQUEST_PROCESSED");
}

/// From now on this process hears nothing more from any server on a Unix socket: what it still says
/// is done, and the answer lost.
void deafen() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int descriptor = std::stoi(entry.path().filename());
    sockaddr_un peer{};
    socklen_t size = sizeof peer;
    const bool is_socket =
        ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
    if (is_socket && peer.sun_family == AF_UNIX) ::shutdown(descriptor, SHUT_RD);
  }
}

TEST(PostgresEngine, DoesNotRepeatABatchThatWasKeptAndWhoseAnswerWasLost) {
  Cluster cluster;
  InterruptedJournal journal(deafen);
  const auto outcomes = apply(*cluster.one, {grant(1), grant(2)}, journal);
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_TRUE(outcomes[1].durable());
  EXPECT_EQ(cluster.other->find_certificates({})->size(), 2U);
  EXPECT_THAT(names_of(journal.memory.events()),
              testing::ElementsAre("CERT_REQUEST_PROCESSED", "CERT_REQUEST_PROCESSED"));
}

TEST(PostgresEngine, SaysThatABatchIsInDoubtWhenTheDatabaseCannotBeAsked) {
  auto& server = PostgresServer::instance();
  const auto uri = server.fresh_schema();
  auto node = *PostgresEngine::open(uri, kNone);
  InterruptedJournal journal([&] { server.kill(); });
  const auto outcomes = apply(*node, {grant(1)}, journal);
  const auto again = apply(*node, grant(1));
  server.start();
  ASSERT_TRUE(outcomes.front().failed.has_value());
  EXPECT_EQ(outcomes.front().failed->fault, Fault::in_doubt);
  EXPECT_EQ(again.failed.value().fault, Fault::in_doubt) << "the first one may have been kept";
  EXPECT_THAT(names_of(journal.memory.events()),
              testing::ElementsAre("CERT_REQUEST_PROCESSED", "AUDIT_BATCH_IN_DOUBT"));
  EXPECT_TRUE(apply(*node, grant(1)).durable());
}

TEST(PostgresEngine, TellsTheJournalWhenTheDatabaseDidNotKeepTheBatch) {
  Cluster cluster;
  auto connection = *Connection::open(cluster.uri);
  ASSERT_TRUE(connection
                  .execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                           "$$ BEGIN RAISE EXCEPTION 'no'; END $$;"
                           "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON certificate "
                           "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()")
                  .ok());
  audit::MemoryJournal journal;
  const auto outcomes = apply(*cluster.one, {grant(1)}, journal);
  ASSERT_TRUE(outcomes.front().failed.has_value());
  EXPECT_EQ(outcomes.front().failed->fault, Fault::storage_failed);
  EXPECT_THAT(names_of(journal.events()),
              testing::ElementsAre("CERT_REQUEST_PROCESSED", "AUDIT_BATCH_ABANDONED"));
  EXPECT_EQ(*cluster.other->find_certificate(serial(1)), std::nullopt);
}

TEST(PostgresEngine, AsksAgainWhenAReadingConnectionWasLost) {
  Cluster cluster;
  ASSERT_TRUE(apply(*cluster.one, grant(1)).durable());
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(*cluster.one->find_certificate(serial(1)), certificate(1));
    end_sessions(cluster.uri, "true");
  }
  EXPECT_EQ(*cluster.one->find_certificate(serial(1)), certificate(1));
}

TEST(PostgresEngine, WaitsForAServerThatStartsAgainAndFailsAtOnceForOneThatDoesNot) {
  auto& server = PostgresServer::instance();
  Cluster cluster;
  auto impatient = *PostgresEngine::open(cluster.uri, kNone);
  server.kill();
  EXPECT_EQ(impatient->find_certificate(serial(1)).error().fault, Fault::storage_failed);
  audit::MemoryJournal journal;
  EXPECT_TRUE(apply(*impatient, {grant(2)}, journal).front().failed.has_value());
  EXPECT_TRUE(journal.events().empty()) << "what was not tried is not on record";
  std::thread start([&] { server.start(); });
  const auto waited = apply(*cluster.one, grant(1));
  EXPECT_TRUE(waited.durable()) << waited.failed.value_or(Error{}).detail;
  start.join();
  EXPECT_EQ(*cluster.other->find_certificate(serial(1)), certificate(1));
  // The server that starts takes some before it takes all: each try fails at once or is kept.
  bool kept = false;
  for (int tries = 0; tries < 50 && !kept; ++tries) {
    kept = apply(*impatient, grant(2)).durable();
    if (!kept) std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  EXPECT_TRUE(kept);
}

TEST(PostgresEngine, RecordsEventsAloneWhileTheServerIsAway) {
  auto& server = PostgresServer::instance();
  Cluster cluster;
  server.kill();
  store::Commit refusal;
  refusal.events.push_back(event("CMC_REQUEST_RECEIVED"));
  EXPECT_TRUE(apply(*cluster.one, refusal).durable());
  server.start();
}

TEST(OpenPostgresEngine, RefusesAServerThatDoesNotWriteDurably) {
  auto connection = *Connection::open(PostgresServer::instance().fresh_schema());
  const auto set_fsync = [&](const std::string& value) {
    ASSERT_TRUE(connection.execute("ALTER SYSTEM SET fsync = " + value).ok());
    ASSERT_TRUE(connection.execute("SELECT pg_reload_conf()").ok());
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
  };
  set_fsync("off");
  const auto opened = PostgresEngine::open(PostgresServer::instance().fresh_schema());
  set_fsync("on");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::bad_configuration);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("fsync"));
}

TEST(CheckPostgres, ChangesNothing) {
  const auto uri = PostgresServer::instance().fresh_schema();
  EXPECT_TRUE(PostgresEngine::check(uri).ok());
  auto connection = *Connection::open(uri);
  constexpr postgres::Statement kTables{
      "tables", "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"};
  EXPECT_EQ((*connection.run(kTables))[0].number(0), 0);
}

}  // namespace
}  // namespace signet::test
