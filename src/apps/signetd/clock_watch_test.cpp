#include "apps/signetd/clock_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fakes.h"
#include "support/keeping_log.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClockWatchTest : public ::testing::Test {
 protected:
  /// Looks while this node's clock is so far ahead and the answer takes so long.
  void look(std::chrono::milliseconds ahead, std::chrono::seconds takes = 0s) {
    answer = [this, ahead, takes]() -> Result<PreciseTime> {
      const auto time = clock.now_precise() + takes / 2 - ahead;
      clock.advance(takes);
      return time;
    };
    watch.look();
  }

  test::FixedClock clock;
  test::KeepingLog log;
  std::function<Result<PreciseTime>()> answer;
  ClockWatch watch{{.ask_database = [this] { return answer(); }, .clock = clock, .log = log}};
};

TEST_F(ClockWatchTest, TellsHowFarThisNodeIsAhead) {
  EXPECT_EQ(watch.offset(), std::nullopt);
  for (const auto ahead : {0ms, 250ms, -4'000ms, 7'000ms}) {
    look(ahead);
    EXPECT_EQ(watch.offset(), ahead);
  }
  look(1'000ms, 2s);
  EXPECT_EQ(watch.offset(), 1'000ms) << "by the middle of question and answer";
}

TEST_F(ClockWatchTest, WarnsOnceBeyondFiveSeconds) {
  look(5'000ms);
  look(-5'000ms);
  EXPECT_THAT(log.lines, IsEmpty());
  look(5'001ms);
  look(6'000ms);
  EXPECT_THAT(log.lines,
              ElementsAre(HasSubstr("clock_differs ahead_of_database_by_milliseconds=5001")));
  look(0ms);
  look(-5'001ms);
  EXPECT_THAT(log.lines, ElementsAre(HasSubstr("clock_differs"), HasSubstr("clock_agrees_again"),
                                     HasSubstr("milliseconds=-5001")));
}

TEST_F(ClockWatchTest, LearnsNothingFromSlowAnswersOrNone) {
  look(1'000ms);
  look(60'000ms, 4s);
  EXPECT_EQ(watch.offset(), 1'000ms);
  answer = []() -> Result<PreciseTime> { return Error{Fault::storage_failed, "away"}; };
  watch.look();
  answer = [this]() -> Result<PreciseTime> {
    clock.advance(-60s);  // it was set meanwhile
    return clock.now_precise();
  };
  watch.look();
  EXPECT_EQ(watch.offset(), 1'000ms);
  EXPECT_THAT(log.lines, IsEmpty());
}

}  // namespace
}  // namespace signet::server
