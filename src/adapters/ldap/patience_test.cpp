#include "adapters/ldap/patience.h"

#include <gtest/gtest.h>

namespace signet::ldap {
namespace {

constexpr Patience::Clock::time_point kNow{std::chrono::hours{1}};
constexpr auto kLater = kNow + Patience::kRest;

TEST(Patience, LetsAnyNumberAskADirectoryThatAnswers) {
  Patience patience;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(patience.may_ask(kNow));
  patience.was_answered();
  EXPECT_TRUE(patience.may_ask(kNow));
}

TEST(Patience, LetsNobodyAskForAWhileAfterItWasSilentAndThenOne) {
  Patience patience;
  ASSERT_TRUE(patience.may_ask(kNow));
  patience.was_left_waiting(kNow);
  EXPECT_FALSE(patience.may_ask(kNow));
  EXPECT_FALSE(patience.may_ask(kLater - std::chrono::seconds{1}));
  EXPECT_TRUE(patience.may_ask(kLater));
  EXPECT_FALSE(patience.may_ask(kLater));
}

TEST(Patience, LetsAllAskAgainOnceItAnswered) {
  Patience patience;
  patience.was_left_waiting(kNow);
  ASSERT_TRUE(patience.may_ask(kLater));
  patience.was_answered();
  EXPECT_TRUE(patience.may_ask(kLater));
  EXPECT_TRUE(patience.may_ask(kLater));
}

TEST(Patience, BeginsAnewWhenTheOneWhoAskedWasLeftWaitingToo) {
  Patience patience;
  patience.was_left_waiting(kNow);
  ASSERT_TRUE(patience.may_ask(kLater));
  patience.was_left_waiting(kLater);
  EXPECT_FALSE(patience.may_ask(kLater));
  EXPECT_TRUE(patience.may_ask(kLater + Patience::kRest));
}

}  // namespace
}  // namespace signet::ldap
