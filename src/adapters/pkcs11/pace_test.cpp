#include "adapters/pkcs11/pace.h"

#include <gtest/gtest.h>

#include <vector>

namespace signet::pkcs11 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Pace::Clock::time_point kNow{std::chrono::hours{1}};

/// Tries as soon as it may, so many times; gives the waits in between.
std::vector<seconds> waits(Pace& pace, int tries, seconds longest = Pace::kLong) {
  auto now = std::max(kNow, pace.next(longest));
  std::vector<seconds> waited;
  for (int i = 0; i < tries; ++i) {
    pace.tried(now);
    waited.push_back(std::chrono::duration_cast<seconds>(pace.next(longest) - now));
    now = pace.next(longest);
  }
  return waited;
}

TEST(Pace, LetsTheFirstTryBeAtOnce) {
  EXPECT_LE(Pace().next(), kNow);
}

TEST(Pace, WaitsTheLongerTheMoreTriesWereInVainUpToABound) {
  Pace pace;
  EXPECT_EQ(waits(pace, 6),
            (std::vector{seconds{1}, seconds{2}, seconds{4}, seconds{8}, seconds{8}, seconds{8}}));
  Pace beside_others;
  EXPECT_EQ(waits(beside_others, 9, Pace::kLongest).back(), Pace::kLongest);
}

TEST(Pace, HoldsWhoAsksToTheBoundThatIsNamed) {
  Pace pace;
  waits(pace, 9, Pace::kLongest);
  const auto last = pace.next(Pace::kLongest) - Pace::kLongest;
  EXPECT_EQ(pace.next(), last + Pace::kLong);
}

TEST(Pace, KeepsTheFirstDistanceAfterASuccessToo) {
  Pace pace;
  waits(pace, 5);
  const auto last = pace.next() - Pace::kLong;
  pace.succeeded();
  EXPECT_EQ(pace.next(), last + Pace::kFirst);
  EXPECT_EQ(waits(pace, 2), (std::vector{seconds{1}, seconds{2}}));
}

TEST(InHowLong, TellsWholeSecondsNeverTooFew) {
  EXPECT_EQ(in_how_long(kNow, kNow + seconds{3}), "in 3 s");
  EXPECT_EQ(in_how_long(kNow, kNow + milliseconds{2001}), "in 3 s");
  EXPECT_EQ(in_how_long(kNow, kNow), "at the next use");
  EXPECT_EQ(in_how_long(kNow, Pace().next()), "at the next use");
}

}  // namespace
}  // namespace signet::pkcs11
