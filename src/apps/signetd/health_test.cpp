#include "apps/signetd/health.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "support/fakes.h"
#include "support/keeping_log.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;

class HealthTest : public ::testing::Test {
 protected:
  std::future<bool> ask(Health& health) {
    auto told = std::make_shared<std::promise<bool>>();
    health.ask([told](const Condition& condition) { told->set_value(!condition.is_down()); });
    return told->get_future();
  }
  Health::Parts parts() {
    return {.keeps = [this] { return keeps.load(); },
            .store_answers =
                [this] {
                  ++asked;
                  if (hangs) goes_on.get_future().wait();
                  return answers.load();
                },
            .else_known = [this] { return else_known; },
            .clock = clock,
            .log = log};
  }
  Condition tell(Health& health) {
    std::promise<Condition> told;
    health.ask([&told](const Condition& condition) { told.set_value(condition); });
    return told.get_future().get();
  }

  test::FixedClock clock;
  test::KeepingLog log;
  std::atomic<bool> keeps = true;
  std::atomic<bool> answers = true;
  std::atomic<bool> hangs = false;
  std::atomic<int> asked = 0;
  std::promise<void> goes_on;
  Condition else_known;
};

TEST_F(HealthTest, TellsWhatElseIsKnownWhateverTheStoreDoes) {
  Health health(parts());
  EXPECT_EQ(tell(health).word(), "ok");
  else_known.degraded = {"late"};
  EXPECT_EQ(tell(health).word(), "degraded") << "in the same second";
  EXPECT_EQ(tell(health).degraded, else_known.degraded);
  else_known.down = {"ended"};
  EXPECT_EQ(tell(health).down, else_known.down);
  keeps = false;
  EXPECT_EQ(tell(health).down.size(), 2U);
  EXPECT_EQ(tell(health).degraded, else_known.degraded);
  keeps = true;
  answers = false;
  clock.advance(1s);
  EXPECT_EQ(tell(health).down.size(), 2U);
}

TEST_F(HealthTest, AsksTheStoreOnceASecondHoweverManyWantToKnow) {
  Health health(parts());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ask(health).get());
  EXPECT_EQ(asked, 1);
  answers = false;
  EXPECT_TRUE(ask(health).get()) << "as of this second";
  clock.advance(1s);
  EXPECT_FALSE(ask(health).get());
  EXPECT_FALSE(ask(health).get());
  EXPECT_EQ(asked, 2) << "nor is a store that fails asked again at once";
  answers = true;
  clock.advance(1s);
  EXPECT_TRUE(ask(health).get());
}

TEST_F(HealthTest, KeepsNobodyButThoseWhoAskWaitingForAStoreThatHangs) {
  Health health(parts());
  hangs = true;
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(ask(health));  // returns
  for (auto& each : waiting) EXPECT_EQ(each.wait_for(0s), std::future_status::timeout);
  goes_on.set_value();
  for (auto& each : waiting) EXPECT_TRUE(each.get());
  EXPECT_EQ(asked, 1);
}

TEST_F(HealthTest, TellsAtOnceThatNothingIsKept) {
  Health health(parts());
  EXPECT_TRUE(ask(health).get());
  keeps = false;
  EXPECT_FALSE(ask(health).get());
  keeps = true;
  EXPECT_TRUE(ask(health).get());
  EXPECT_EQ(asked, 1);
}

TEST_F(HealthTest, AClockThatIsSetBackKeepsNoVerdict) {
  Health health(parts());
  EXPECT_TRUE(ask(health).get());
  answers = false;
  clock.advance(-3600s);
  EXPECT_FALSE(ask(health).get());
}

TEST_F(HealthTest, EndsOnceAllWereTold) {
  std::future<bool> told;
  {
    Health health(parts());
    told = ask(health);
  }
  EXPECT_TRUE(told.get());
}

}  // namespace
}  // namespace signet::server
