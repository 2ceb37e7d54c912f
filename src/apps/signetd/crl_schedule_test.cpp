#include "apps/signetd/crl_schedule.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "store/memory_engine.h"
#include "support/eventually.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::eventually;
using test::unwrap;

/// Keeps the names of what was logged; for many threads.
class Logged final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field>) override {
    const std::lock_guard lock(mutex_);
    names_.emplace(event);
  }
  [[nodiscard]] bool has(const std::string& event) {
    const std::lock_guard lock(mutex_);
    return names_.count(event) > 0;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> names_;
};

/// Two authorities of one name over one store: this node knows the key of the one alone, and the
/// other has published in shard 1.
class CrlScheduleTest : public ::testing::Test {
 protected:
  authority::CrlMaker maker(test::TestAuthority& of, issuance::ShardRange shards) {
    authority::CrlSettings settings;
    settings.points.of_key = shards;
    return authority::CrlMaker(
        {.issuer = of.authority().issuer(),
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(of.key())),
         .store = store,
         .committer = committer,
         .clock = known.clock,
         .settings = settings});
  }
  Turn::Parts turn_of(const std::string& node) {
    return {.leases = store,
            .name = "schedules",
            .holder = node,
            .log = log,
            .duration = std::chrono::hours{1}};
  }

  test::TestAuthority known;
  test::TestAuthority unknown;
  store::MemoryEngine store;
  audit::MemoryJournal journal;
  store::Committer committer{store, journal};
  Logged log;
  CrlSchedule::Pace pace{.after_revocation = std::chrono::seconds{1},
                         .look = std::chrono::hours{1}};
};

TEST_F(CrlScheduleTest, LetsANodeHaveTheTurnThatKnowsTheKeysWhichThisOneDoesNot) {
  auto later = maker(unknown, {1, std::nullopt});
  unwrap(later.make(1));
  auto own = maker(known, {0, std::nullopt});
  Turn turn(turn_of("lagging"));
  CrlSchedule schedule({&own}, turn, pace, log);
  ASSERT_TRUE(eventually([&] { return log.has("crl_shards_left_alone"); }));
  Turn other(turn_of("other"));
  EXPECT_TRUE(other.is_ours());
  EXPECT_TRUE(unwrap(store.find_crl({.shard = 0}))) << "its own it published";
}

/// A clock that breaks once.
class BrokenClock final : public Clock {
 public:
  [[nodiscard]] PreciseTime now_precise() const override {
    if (!std::exchange(broke_, true)) throw std::runtime_error("no memory");
    return SystemClock().now_precise();
  }

 private:
  mutable bool broke_ = false;
};

TEST_F(CrlScheduleTest, GoesOnAfterWhatWasThrownInIt) {
  const BrokenClock clock;
  authority::CrlMaker own(
      {.issuer = known.authority().issuer(),
       .signature_algorithm = unwrap(crypto::default_signature_algorithm(known.key())),
       .store = store,
       .committer = committer,
       .clock = clock,
       .settings = {}});
  Turn turn(turn_of("this"));
  pace.after_revocation = std::chrono::seconds{0};
  CrlSchedule schedule({&own}, turn, pace, log);
  EXPECT_TRUE(eventually([&] { return log.has("own_work_broken_off"); }));
  EXPECT_TRUE(eventually([&] {
    schedule.status_changed();
    return unwrap(store.find_crl({.shard = 0})).has_value();
  }));
  schedule.end();
}

TEST_F(CrlScheduleTest, KeepsTheTurnWhereItKnowsAllKeys) {
  auto own = maker(known, {0, std::nullopt});
  Turn turn(turn_of("this"));
  CrlSchedule schedule({&own}, turn, pace, log);
  EXPECT_TRUE(eventually([&] { return unwrap(store.find_crl({.shard = 0})).has_value(); }));
  schedule.end();
  Turn other(turn_of("other"));
  EXPECT_FALSE(other.is_ours());
  EXPECT_FALSE(log.has("crl_shards_left_alone"));
}

}  // namespace
}  // namespace signet::server
