#include "adapters/listener/rate_limiter.h"

#include <gtest/gtest.h>

namespace signet::listener {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RateLimiter::Clock::time_point kStart{std::chrono::hours{1}};

TEST(RateLimiter, LetsABurstPassAndThenSaysWhen) {
  RateLimiter limiter({.per_second = 0.5, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_EQ(limiter.refuse("192.0.2.1", kStart), seconds{2});
}

TEST(RateLimiter, LetsOnePassAgainWhenItsTimeHasCome) {
  RateLimiter limiter({.per_second = 2, .burst = 1});
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_EQ(limiter.refuse("192.0.2.1", kStart + milliseconds{499}), seconds{1});
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart + milliseconds{500}));
}

TEST(RateLimiter, HoldsNoMoreThanABurstHoweverLongAClientWasAway) {
  RateLimiter limiter({.per_second = 100, .burst = 2});
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  const auto later = kStart + std::chrono::hours{24};
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(limiter.refuse("192.0.2.1", later));
  EXPECT_TRUE(limiter.refuse("192.0.2.1", later));
}

TEST(RateLimiter, CountsEachClientByItself) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_TRUE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_FALSE(limiter.refuse("192.0.2.2", kStart));
}

TEST(RateLimiter, RefusesNobodyWithoutALimit) {
  RateLimiter limiter({.per_second = 0, .burst = 1});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_EQ(limiter.clients(), 0U);
}

TEST(RateLimiter, RemembersNoMoreClientsThanItMayWhoeverComes) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  const auto come = [&](RateLimiter::Clock::time_point at) {
    for (std::size_t i = 0; i < RateLimiter::kMostClients + 10; ++i) {
      limiter.refuse(std::to_string(i), at);
    }
    EXPECT_LE(limiter.clients(), RateLimiter::kMostClients);
  };
  come(kStart);
  come(kStart + seconds{10});
}

TEST(RateLimiter, KeepsWhoIsOverItsLimitWhereItForgetsTheOthers) {
  RateLimiter limiter({.per_second = 1, .burst = 2});
  for (std::size_t i = 0; i + 1 < RateLimiter::kMostClients; ++i) {
    limiter.refuse(std::to_string(i), kStart);
  }
  const auto later = kStart + seconds{1};  // those are full again
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(limiter.refuse("flood", later));
  EXPECT_FALSE(limiter.refuse("one more", later));
  EXPECT_EQ(limiter.clients(), 2U);
  EXPECT_TRUE(limiter.refuse("flood", later));
}

TEST(RateLimiter, ForgetsNobodyWhoIsOverItsLimitHoweverManyOthersCome) {
  RateLimiter limiter({.per_second = 0.001, .burst = 2});
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(limiter.refuse("flood", kStart));
  for (std::size_t i = 0; i < 2 * RateLimiter::kMostClients; ++i) {
    limiter.refuse(std::to_string(i), kStart);
  }
  EXPECT_TRUE(limiter.refuse("flood", kStart));
  EXPECT_EQ(limiter.clients(), RateLimiter::kMostClients);
}

TEST(RateLimiter, LetsThoseForWhomThereIsNoRoomShareABucketUntilThereIs) {
  RateLimiter limiter({.per_second = 1, .burst = 2});
  for (std::size_t i = 0; i < RateLimiter::kMostClients; ++i) {
    limiter.refuse(std::to_string(i), kStart);
  }
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_FALSE(limiter.refuse("192.0.2.2", kStart));
  EXPECT_TRUE(limiter.refuse("192.0.2.3", kStart));
  EXPECT_FALSE(limiter.refuse("0", kStart)) << "who has a bucket of its own keeps it";
  const auto later = kStart + seconds{1};  // all but one are full again
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(limiter.refuse("192.0.2.3", later));
  EXPECT_EQ(limiter.clients(), 2U);
}

TEST(RateLimiter, IsNotMisledByAClockThatStandsOrGoesBack) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limiter.refuse("192.0.2.1", kStart));
  EXPECT_TRUE(limiter.refuse("192.0.2.1", kStart - seconds{10}));
}

TEST(ClientOf, IsTheAddressOrTheNetworkOfOneCustomer) {
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("2001:db8:1:2::9"), client_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(client_of("2001:db8:1:2::9"), client_of("2001:db8:1:3::9"));
  EXPECT_EQ(client_of(""), "");
}

}  // namespace
}  // namespace signet::listener
