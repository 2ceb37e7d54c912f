#include "store/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

#include "store/memory_engine.h"
#include "support/store_records.h"

namespace signet::store {
namespace {

using test::certificate;
using test::grant;
using test::serial;

/// Holds the first batch until it is let go, so that others gather behind it; notes all sizes.
class GatedJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    sizes.push_back(events.size());
    if (sizes.size() == 1) {
      entered.set_value();
      gate.get_future().wait();
    }
    return memory.append(events);
  }
  std::promise<void> entered;
  std::promise<void> gate;
  std::vector<std::size_t> sizes;
  audit::MemoryJournal memory;
};

TEST(Committer, AnswersDurableWhenTheCommitCanBeFound) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  EXPECT_TRUE(committer.commit(grant(1)).durable());
  EXPECT_EQ(*engine.find_certificate(serial(1)), certificate(1));
}

TEST(Committer, TellsAConflict) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  committer.commit(grant(1));
  EXPECT_EQ(committer.commit(grant(1)).conflict, Conflict::answered_before);
}

/// One whose database is away, and whose journal is not.
class HalfAwayEngine final : public MemoryEngine {
 public:
  std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                   audit::Journal& journal) override {
    const bool only_tells = std::all_of(
        batch.begin(), batch.end(), [](const auto* commit) { return holds_only_events(*commit); });
    if (!is_away || only_tells) return MemoryEngine::apply(batch, journal);
    return {batch.size(), CommitOutcome::failure(Error{Fault::storage_failed, ""})};
  }
  std::atomic<bool> is_away = false;
};

TEST(Committer, KeepsNothingFromAFailureOnUntilMoreThanEventsIsKeptAgain) {
  HalfAwayEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  EXPECT_TRUE(committer.keeps());
  engine.is_away = true;
  EXPECT_TRUE(committer.commit(grant(1)).failed.has_value());
  EXPECT_FALSE(committer.keeps());
  Commit events;
  events.events.push_back(test::event("CMC_REQUEST_RECEIVED"));
  EXPECT_TRUE(committer.commit(events).durable());
  EXPECT_FALSE(committer.keeps()) << "a refusal goes on record all the while";
  engine.is_away = false;
  EXPECT_TRUE(committer.commit(grant(1)).durable());
  EXPECT_TRUE(committer.keeps());
  EXPECT_TRUE(committer.commit(grant(1)).conflict.has_value());
  EXPECT_TRUE(committer.keeps()) << "a conflict is no failure";
}

/// As that one; holds its first batch, and notes for each how many commits with and without
/// certificates it had.
class BusyEngine final : public MemoryEngine {
 public:
  std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                   audit::Journal& journal) override {
    const auto events = std::count_if(
        batch.begin(), batch.end(), [](const auto* commit) { return holds_only_events(*commit); });
    const auto others = static_cast<std::ptrdiff_t>(batch.size()) - events;
    batches.emplace_back(others, events);
    if (batches.size() == 1) {
      entered.set_value();
      gate.get_future().wait();
    }
    if (others == 0) return MemoryEngine::apply(batch, journal);
    return {batch.size(), CommitOutcome::failure(Error{Fault::in_doubt, ""})};
  }
  std::promise<void> entered;
  std::promise<void> gate;
  std::vector<std::pair<std::ptrdiff_t, std::ptrdiff_t>> batches;
};

Commit refusal(std::uint16_t number) {
  Commit commit;
  commit.events.push_back(test::event("CMC_REQUEST_RECEIVED", number));
  return commit;
}

TEST(Committer, RecordsEventsAloneWhateverBecomesOfTheOthersOfTheirBatch) {
  HalfAwayEngine engine;
  GatedJournal journal;
  std::vector<bool> durable;
  const auto note = [&](const CommitOutcome& outcome) { durable.push_back(outcome.durable()); };
  {
    Committer committer(engine, journal);
    committer.submit(grant(1), note);
    journal.entered.get_future().wait();
    engine.is_away = true;
    committer.submit(refusal(2), note);
    committer.submit(grant(3), note);
    committer.submit(refusal(4), note);
    journal.gate.set_value();
  }
  EXPECT_THAT(durable, testing::ElementsAre(true, true, false, true));
  EXPECT_EQ(journal.memory.events(), (std::vector{test::event("CERT_REQUEST_PROCESSED", 1),
                                                  test::event("CMC_REQUEST_RECEIVED", 2),
                                                  test::event("CMC_REQUEST_RECEIVED", 4)}));
}

TEST(Committer, LetsEventsAloneGoByTurnsWithTheOthersWhileNothingIsKept) {
  BusyEngine engine;
  audit::MemoryJournal journal;
  const auto nobody = [](const CommitOutcome&) {};
  {
    Committer committer(engine, journal, 2);
    committer.submit(grant(1), nobody);
    engine.entered.get_future().wait();
    for (std::uint16_t number = 2; number <= 4; ++number) committer.submit(grant(number), nobody);
    for (std::uint16_t number = 5; number <= 9; ++number) {
      committer.submit(refusal(number), nobody);
    }
    engine.gate.set_value();
  }
  EXPECT_THAT(engine.batches,
              testing::ElementsAre(testing::Pair(1, 0), testing::Pair(0, 2), testing::Pair(2, 0),
                                   testing::Pair(0, 2), testing::Pair(1, 0), testing::Pair(0, 1)));
}

TEST(Committer, GathersWhatArrivesWhileABatchIsWritten) {
  MemoryEngine engine;
  GatedJournal journal;
  {
    Committer committer(engine, journal, 64);
    committer.submit(grant(1), [](const CommitOutcome&) {});
    journal.entered.get_future().wait();
    for (std::uint16_t number = 2; number <= 11; ++number) {
      committer.submit(grant(number), [](const CommitOutcome&) {});
    }
    journal.gate.set_value();
  }
  EXPECT_THAT(journal.sizes, testing::ElementsAre(1, 10));
}

TEST(Committer, PutsNoMoreIntoABatchThanItMay) {
  MemoryEngine engine;
  GatedJournal journal;
  {
    Committer committer(engine, journal, 4);
    committer.submit(grant(1), [](const CommitOutcome&) {});
    journal.entered.get_future().wait();
    for (std::uint16_t number = 2; number <= 11; ++number) {
      committer.submit(grant(number), [](const CommitOutcome&) {});
    }
    journal.gate.set_value();
  }
  EXPECT_THAT(journal.sizes, testing::ElementsAre(1, 4, 4, 2));
}

TEST(Committer, KeepsTheOrderInWhichCommitsWereSubmitted) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  std::vector<int> told;
  {
    Committer committer(engine, journal, 3);
    for (std::uint16_t number = 0; number < 50; ++number) {
      committer.submit(grant(number),
                       [&told, number](const CommitOutcome&) { told.push_back(number); });
    }
  }
  ASSERT_EQ(told.size(), 50U);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(journal.events().back(), test::event("CERT_REQUEST_PROCESSED", 49));
}

TEST(Committer, MakesDurableWhatWasSubmittedBeforeItEnds) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  int durable = 0;
  {
    Committer committer(engine, journal);
    for (std::uint16_t number = 0; number < 200; ++number) {
      committer.submit(grant(number),
                       [&durable](const CommitOutcome& outcome) { durable += outcome.durable(); });
    }
  }
  EXPECT_EQ(durable, 200);
}

TEST(Committer, ServesManyThreadsOfWhichOneWinsEachKey) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  std::atomic<int> durable = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (std::uint16_t number = 0; number < 100; ++number) {
        durable += committer.commit(grant(number)).durable();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(durable, 100);
}

TEST(Committer, MayBeGivenMoreFromWithinAnAnswer) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  std::promise<bool> second;
  committer.submit(grant(1), [&](const CommitOutcome&) {
    committer.submit(grant(2),
                     [&](const CommitOutcome& outcome) { second.set_value(outcome.durable()); });
  });
  EXPECT_TRUE(second.get_future().get());
}

/// Throws once, then works.
class ThrowingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>&) override {
    if (std::exchange(thrown_, true)) return {};
    throw std::runtime_error("out of paper");
  }

 private:
  bool thrown_ = false;
};

TEST(Committer, DoesNotWaitForItselfWithinAnAnswer) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  std::promise<CommitOutcome> told;
  committer.submit(grant(1),
                   [&](const CommitOutcome&) { told.set_value(committer.commit(grant(2))); });
  auto waiting = told.get_future();
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_EQ(waiting.get().failed.value().fault, Fault::busy);
  EXPECT_EQ(*engine.find_certificate(serial(2)), std::nullopt);
  EXPECT_TRUE(committer.commit(grant(2)).durable());
}

TEST(Committer, AnswersFailedWhenTheEngineThrowsAndGoesOn) {
  MemoryEngine engine;
  ThrowingJournal journal;
  Committer committer(engine, journal);
  const auto outcome = committer.commit(grant(1));
  ASSERT_TRUE(outcome.failed.has_value());
  EXPECT_EQ(outcome.failed->fault, Fault::storage_failed);
  EXPECT_THAT(outcome.failed->detail, testing::HasSubstr("out of paper"));
  EXPECT_TRUE(committer.commit(grant(2)).durable());
}

TEST(Committer, GoesOnWhenAnAnswerThrows) {
  MemoryEngine engine;
  audit::MemoryJournal journal;
  Committer committer(engine, journal);
  committer.submit(grant(1), [](const CommitOutcome&) { throw std::runtime_error("hung up"); });
  EXPECT_TRUE(committer.commit(grant(2)).durable());
}

}  // namespace
}  // namespace signet::store
