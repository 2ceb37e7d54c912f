#include <array>
#include <atomic>
#include <functional>
#include <thread>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/postgres_engine.h"
#include "support/challenge_contract.h"
#include "support/engine_contract.h"
#include "support/life_contract.h"
#include "support/outbox_contract.h"
#include "support/postgres_server.h"
#include "support/token_contract.h"

// What comes of writing the rows of many commits in one statement a table.
namespace signet::test {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::PostgresEngine;
using postgres::Statement;

/// Two nodes of one store.
class PostgresBatch : public testing::Test {
 protected:
  using Commits = std::vector<store::Commit>;

  static std::vector<store::CommitOutcome> apply(store::Engine& engine, const Commits& commits) {
    std::vector<const store::Commit*> batch;
    for (const auto& commit : commits) batch.push_back(&commit);
    audit::MemoryJournal journal;
    return engine.apply(batch, journal);
  }
  static int kept(store::Engine& engine, const Commits& commits) {
    const auto outcomes = apply(engine, commits);
    for (const auto& outcome : outcomes) EXPECT_FALSE(outcome.failed.has_value());
    return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(),
                                          [](const auto& each) { return each.durable(); }));
  }
  /// By each node one batch, at the same time.
  int kept_by_both(const Commits& by_one, const Commits& by_other) {
    std::atomic<int> sum = 0;
    std::thread thread([&] { sum += kept(*other, by_other); });
    sum += kept(*one, by_one);
    thread.join();
    return sum;
  }

  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<PostgresEngine> one = *PostgresEngine::open(uri);
  std::unique_ptr<PostgresEngine> other = *PostgresEngine::open(uri);
};

TEST_F(PostgresBatch, KeepsWhatHasANonceBesideWhatHasNone) {
  Commits commits{grant(1), grant(2), grant(3)};
  commits[1].answered->sender_nonce.clear();
  EXPECT_EQ(kept(*one, commits), 3);
  for (const auto& commit : commits) {
    EXPECT_EQ(other->seen_before(*commit.answered)->answer, commit.answered);
    const auto& certificate = commit.certificates.front();
    EXPECT_EQ(*other->find_certificate(certificate.serial_number), certificate);
  }
}

TEST_F(PostgresBatch, AddsBeforeItChanges) {
  store::Commit waiting;
  waiting.pending = pending(1);
  waiting.awaited = {awaited(1), awaited(2)};
  store::Commit decided;
  decided.pending_decision = decision(1, store::PendingState::granted);
  decided.settled = {serial(1)};
  const auto answered = change_of(1, store::ChallengeEvent::answered);
  EXPECT_EQ(kept(*one, {waiting, decided, beginning(challenge(1)), answered}), 4);
  EXPECT_EQ((*other->find_pending(pending(1).id))->state, store::PendingState::granted);
  EXPECT_EQ(*other->find_awaited(serial(1)), std::nullopt);
  EXPECT_EQ(*other->find_awaited(serial(2)), awaited(2));
  EXPECT_EQ((*other->find_challenge(challenge(1).id))->state, store::ChallengeState::answered);
}

TEST_F(PostgresBatch, KeepsTheLastOfTwoRevocationSecretsOfOneCertificate) {
  auto first = grant(1);
  first.revocation_secrets = {{serial(1), "first"}};
  auto second = grant(2);
  second.revocation_secrets = {{serial(1), "second"}, {serial(2), "its own"}};
  EXPECT_EQ(kept(*one, {first, second}), 2);
  EXPECT_EQ((*other->find_revocation_secret(serial(1)))->verifier, "second");
  EXPECT_EQ((*other->find_revocation_secret(serial(2)))->verifier, "its own");
}

TEST_F(PostgresBatch, CountsUsesAndFailuresOfOneSecretInTheirOrder) {
  const auto id = token_id(1);
  const Commits commits{failure_of(id), use_of(id, 0),  failure_of(id),
                        use_of(id, 0),  failure_of(id), failure_of(id)};
  const auto after = [](std::size_t uses) {
    return store::TokenHistory{.uses = uses, .failures = 2, .last_failure_at = kNoon2026};
  };
  EXPECT_EQ(kept(*one, commits), 6);
  EXPECT_EQ(*other->token_history(id), after(2)) << "its history was new";
  EXPECT_EQ(kept(*other, commits), 6);
  EXPECT_EQ(*one->token_history(id), after(4)) << "it was there";
}

TEST_F(PostgresBatch, KeepsOnceWhatTwoNodesWantInOppositeOrder) {
  for (std::uint16_t round = 0; round < 10; ++round) {
    Commits by_one;
    for (std::uint16_t at = 1; at <= 8; ++at) {
      by_one.push_back(grant(static_cast<std::uint16_t>(round * 100 + at)));
    }
    Commits by_other(by_one.rbegin(), by_one.rend());
    by_one.push_back(grant(static_cast<std::uint16_t>(round * 100 + 50)));
    by_other.push_back(grant(static_cast<std::uint16_t>(round * 100 + 60)));
    EXPECT_EQ(kept_by_both(by_one, by_other), 10) << "the others of a batch are kept as well";
  }
}

TEST_F(PostgresBatch, RemindsOfTheSameInOppositeOrderWhileAThirdSettles) {
  constexpr std::uint8_t kEach = 30;
  Commits by_one;
  for (std::uint8_t number = 1; number <= kEach; ++number) {
    store::Commit commit;
    commit.outbox = {reminder(number), reminder(number, store::OutboxLine::unhurried)};
    by_one.push_back(commit);
  }
  const Commits by_other(by_one.rbegin(), by_one.rend());
  std::atomic<bool> is_over = false;
  std::thread third([&] {
    const auto node = *PostgresEngine::open(uri);
    while (!is_over) {
      std::vector<std::uint64_t> numbers;
      for (const auto& each : *node->in_outbox(store::OutboxLine::unhurried, 9))
        numbers.push_back(each.number);
      EXPECT_TRUE(node->take_from_outbox(numbers).ok());
    }
  });
  for (int round = 0; round < 5; ++round) EXPECT_EQ(kept_by_both(by_one, by_other), 2 * kEach);
  is_over = true;
  third.join();
  EXPECT_EQ(kept(*one, by_one), kEach);
  for (const auto line : {store::OutboxLine::pressing, store::OutboxLine::unhurried}) {
    EXPECT_EQ(one->in_outbox(line, 1000)->size(), std::size_t{kEach});
  }
}

TEST_F(PostgresBatch, LosesNoneOfWhatTwoNodesPublishAndAThirdSettlesMeanwhile) {
  constexpr std::uint8_t kEach = 40;
  const auto publishing = [](std::uint8_t first) {
    Commits commits;
    for (std::uint8_t at = 0; at < kEach; ++at) {
      store::Commit commit;
      commit.outbox = {reminder(static_cast<std::uint8_t>(first + at))};
      commits.push_back(commit);
    }
    return commits;
  };
  std::atomic<bool> is_over = false;
  std::set<std::uint64_t> settled;
  std::thread third([&] {
    const auto node = *PostgresEngine::open(uri);
    while (!is_over || !node->in_outbox(store::OutboxLine::pressing, 1)->empty()) {
      std::vector<std::uint64_t> numbers;
      for (const auto& each : *node->in_outbox(store::OutboxLine::pressing, 7))
        numbers.push_back(each.number);
      EXPECT_TRUE(node->take_from_outbox(numbers).ok());
      settled.insert(numbers.begin(), numbers.end());
    }
  });
  EXPECT_EQ(kept_by_both(publishing(1), publishing(101)), 2 * kEach);
  is_over = true;
  third.join();
  EXPECT_EQ(settled.size(), std::size_t{2} * kEach);
}

/// Both nodes have both nonces, under digests whose order is the other way round at the one.
TEST_F(PostgresBatch, IsNotLockedInACircleWithAnotherNodesOverNonces) {
  auto connection = *Connection::open(uri);
  ASSERT_TRUE(connection
                  .execute("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS "
                           "$$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;"
                           "CREATE TRIGGER linger BEFORE INSERT ON answered_request "
                           "FOR EACH ROW EXECUTE FUNCTION linger()")
                  .ok());
  const auto deadlocks = [&] {
    constexpr Statement kDeadlocks{"deadlocks",
                                   "SELECT deadlocks FROM pg_stat_database WHERE datname = "
                                   "current_database()"};
    return (*connection.run(kDeadlocks))[0].number(0);
  };
  const auto asked = [](std::uint8_t digest, std::uint8_t nonce) {
    auto commit = grant(digest);
    commit.answered->request_digest = Bytes(32, digest);
    commit.answered->requester_hash = Bytes(32, 9);
    commit.answered->sender_nonce = Bytes(16, nonce);
    return commit;
  };
  const auto before = deadlocks();
  EXPECT_EQ(kept_by_both({asked(1, 1), asked(3, 2)}, {asked(2, 2), asked(4, 1)}), 2);
  one.reset();  // a session that ended has told what it met
  other.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  EXPECT_EQ(deadlocks(), before);
}

/// Of many serial numbers, each an intent at one node and a certificate that none announced at the
/// other.
TEST_F(PostgresBatch, KeepsAnIntentOrAForeignCertificateOfOneSerialNumber) {
  for (std::uint16_t number = 1; number <= 60; ++number) {
    auto announced = intent(number);
    announced.intents.front().tbs_digest = hash_of("another certificate");
    EXPECT_EQ(kept_by_both({announced}, {grant(number)}), 1) << number;
  }
}

/// Runs `between` when the database is about to be told to commit.
class PausedJournal final : public audit::Journal {
 public:
  explicit PausedJournal(std::function<void()> between) : between_(std::move(between)) {}
  Result<void> append(const std::vector<const audit::Event*>& /*events*/) override {
    if (auto once = std::exchange(between_, nullptr)) once();
    return {};
  }

 private:
  std::function<void()> between_;
};

TEST_F(PostgresBatch, LetsTheSecondOfIntentAndCertificateWaitForTheFirst) {
  auto announced = intent(1);
  announced.intents.front().tbs_digest = hash_of("another certificate");
  announced.events.push_back(event("INTENT"));
  const std::array both{announced, grant(1), grant(2), intent(2)};
  for (std::size_t first = 0; first < both.size(); first += 2) {
    std::optional<store::CommitOutcome> second;
    std::thread thread;
    PausedJournal journal([&] {
      thread = std::thread([&] { second = apply(*other, {both[first + 1]}).front(); });
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
    });
    const std::vector<const store::Commit*> batch{&both[first]};
    EXPECT_TRUE(one->apply(batch, journal).front().durable());
    thread.join();
    EXPECT_EQ(second->conflict, store::Conflict::serial_taken) << first;
  }
}

TEST_F(PostgresBatch, KeepsAnIntentBesideItsCertificate) {
  auto together = grant(1);
  together.intents = intent(1).intents;
  EXPECT_EQ(kept(*one, {together, intent(2), grant(3)}), 3);
  EXPECT_EQ(kept(*other, {grant(2)}), 1);
  EXPECT_EQ(one->find_certificates({})->size(), 3U);
}

TEST_F(PostgresBatch, CountsTheFirstUsesAndFailuresAtTwoNodes) {
  for (std::uint8_t number = 1; number <= 10; ++number) {
    const auto id = token_id(number);
    const Commits commits{use_of(id, 0), failure_of(id)};
    EXPECT_EQ(kept_by_both(commits, commits), 4);
    EXPECT_EQ(one->token_history(id)->uses, 2U);
    EXPECT_EQ(one->token_history(id)->failures, 1U);
  }
}

TEST(ColumnsOf, KeepsNullsAndEmptyOctetsApart) {
  constexpr Statement kBack{
      "back", "SELECT * FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BYTEA[]) AS row (a, b, c)"};
  using enum Parameters::Type;
  std::vector<Parameters> rows(3);
  rows[0].with(Bytes{1, 2}).with(std::int64_t{-7}).with_null(bytea);
  rows[1].with(Bytes{}).with_null(bigint).with_null(bytea);
  rows[2].with_null(bytea).with(std::int64_t{8}).with_null(bytea);
  auto connection = *Connection::open(PostgresServer::instance().fresh_schema());
  const auto back = *connection.run(kBack, Parameters::columns_of(rows));
  ASSERT_EQ(back.size(), 3);
  EXPECT_EQ(to_bytes(back[0].octets(0)), (Bytes{1, 2}));
  EXPECT_FALSE(back[1].is_null(0));
  EXPECT_TRUE(back[1].octets(0).empty());
  EXPECT_TRUE(back[2].is_null(0));
  EXPECT_EQ(back[0].number(1), -7);
  EXPECT_TRUE(back[1].is_null(1));
  EXPECT_EQ(back[2].number(1), 8);
  for (int row = 0; row < 3; ++row) EXPECT_TRUE(back[row].is_null(2));
}

}  // namespace
}  // namespace signet::test
