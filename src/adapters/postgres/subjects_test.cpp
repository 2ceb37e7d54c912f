#include <atomic>
#include <functional>
#include <thread>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/postgres_engine.h"
#include "support/postgres_server.h"
#include "support/subject_contract.h"

// One name wanted at two nodes of one store: no row is there yet that both could lock.
namespace signet::test {
namespace {

/// So long a node waits here that need not: it is held up by the one that commits.
constexpr std::chrono::milliseconds kHeldUp{300};

class ContestedSubjects : public testing::Test {
 protected:
  using Commits = std::vector<store::Commit>;

  static std::vector<store::CommitOutcome> apply(store::Engine& engine, const Commits& commits,
                                                 audit::Journal& journal) {
    std::vector<const store::Commit*> batch;
    for (const auto& commit : commits) batch.push_back(&commit);
    return engine.apply(batch, journal);
  }
  static int kept(store::Engine& engine, const Commits& commits) {
    audit::MemoryJournal journal;
    int durable = 0;
    for (const auto& outcome : apply(engine, commits, journal)) {
      EXPECT_FALSE(outcome.failed.has_value());
      durable += outcome.durable() ? 1 : 0;
    }
    return durable;
  }
  std::size_t count(std::uint16_t subject) {
    return one->find_by_subject(certificate(subject).subject_der)->size();
  }
  std::int64_t rows() {
    constexpr postgres::Statement kRows{"rows", "SELECT count(*) FROM certificate"};
    return (*postgres::Connection::open(uri)->run(kRows))[0].number(0);
  }

  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<postgres::PostgresEngine> one = *postgres::PostgresEngine::open(uri);
  std::unique_ptr<postgres::PostgresEngine> other = *postgres::PostgresEngine::open(uri);
};

/// Lets another node want something while the batch is not committed yet, and goes on when that one
/// is done, or has had its time.
class WhileUncommitted final : public audit::Journal {
 public:
  WhileUncommitted(std::chrono::milliseconds most, std::function<void()> work)
      : most_(most), work_(std::move(work)) {}
  ~WhileUncommitted() override { join(); }
  Result<void> append(const std::vector<const audit::Event*>&) override {
    const auto work = std::exchange(work_, nullptr);
    if (work == nullptr) return {};
    thread_ = std::thread([this, work] {
      work();
      is_done_ = true;
    });
    for (auto waited = most_; !is_done_ && waited.count() > 0; waited -= kStep) {
      std::this_thread::sleep_for(kStep);
    }
    was_done_in_time = is_done_;
    return outcome;
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  Result<void> outcome;
  bool was_done_in_time = false;

 private:
  static constexpr std::chrono::milliseconds kStep{10};
  std::chrono::milliseconds most_;
  std::function<void()> work_;
  std::atomic<bool> is_done_ = false;
  std::thread thread_;
};

TEST_F(ContestedSubjects, AreSeenByTheNodeThatCameWhileTheOtherHadNotCommitted) {
  std::optional<store::CommitOutcome> second;
  WhileUncommitted journal(kHeldUp, [&] {
    audit::MemoryJournal own;
    second = apply(*other, {grant_for(2, 9)}, own).front();
  });
  EXPECT_TRUE(apply(*one, {grant_for(1, 9)}, journal).front().durable());
  journal.join();
  EXPECT_EQ(second.value().conflict, store::Conflict::subject_taken);
  EXPECT_EQ(count(9), 1U);
  EXPECT_EQ(rows(), 1);
}

TEST_F(ContestedSubjects, GoToTheSecondNodeWhereTheFirstOneKeptNothing) {
  int by_other = 0;
  WhileUncommitted journal(kHeldUp, [&] { by_other = kept(*other, {grant_for(2, 9)}); });
  journal.outcome = Error{Fault::storage_failed, "the disk is full"};
  EXPECT_TRUE(apply(*one, {grant_for(1, 9)}, journal).front().failed.has_value());
  journal.join();
  EXPECT_EQ(by_other, 1);
  EXPECT_EQ(rows(), 1);
}

TEST_F(ContestedSubjects, KeepNobodyWaitingWhoWantsAnotherOrDoesNotAsk) {
  int by_other = 0;
  WhileUncommitted journal(std::chrono::seconds{10}, [&] {
    by_other = kept(*other, {grant_for(2, 8), grant_freely_for(3, 9)});
  });
  ASSERT_TRUE(apply(*one, {grant_for(1, 9)}, journal).front().durable());
  EXPECT_TRUE(journal.was_done_in_time);
  journal.join();
  EXPECT_EQ(by_other, 2);
}

TEST_F(ContestedSubjects, AreEachGivenOnceHoweverBatchesAreOrdered) {
  constexpr std::uint16_t kSubjects = 20;
  int sum = 0;
  for (std::uint16_t round = 0; round < 5; ++round) {
    Commits ascending;
    Commits descending;
    for (std::uint16_t at = 0; at < kSubjects; ++at) {
      const auto number = static_cast<std::uint16_t>(round * 100 + at);
      const auto subject = static_cast<std::uint16_t>(1000 + number);
      ascending.push_back(grant_for(number, subject));
      descending.insert(descending.begin(),
                        grant_for(static_cast<std::uint16_t>(5000 + number), subject));
    }
    int by_other = 0;
    std::thread thread([&] { by_other = kept(*other, descending); });
    sum += kept(*one, ascending);
    thread.join();
    sum += by_other;
  }
  EXPECT_EQ(sum, 5 * kSubjects);
  for (std::uint16_t at = 0; at < kSubjects; ++at) {
    EXPECT_EQ(count(static_cast<std::uint16_t>(1000 + at)), 1U);
  }
  EXPECT_EQ(rows(), 5 * kSubjects);
}

}  // namespace
}  // namespace signet::test
