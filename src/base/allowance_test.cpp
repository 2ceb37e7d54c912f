#include "base/allowance.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace signet {
namespace {

TEST(AllowanceTest, GivesWhatIsLeftAndNoMore) {
  Allowance allowance(10, 10);
  const auto most = allowance.take(7, "one");
  EXPECT_TRUE(most.ok());
  EXPECT_EQ(allowance.take(4, "other").error().fault, Fault::busy);
  EXPECT_EQ(allowance.taken(), 7U) << "what was not given is not counted";
  const auto rest = allowance.take(3, "one");
  EXPECT_TRUE(rest.ok());
  EXPECT_FALSE(allowance.take(1, "other").ok());
}

TEST(AllowanceTest, IsGivenBackWithTheLastCopyAndOnce) {
  Allowance allowance(10, 10);
  auto held = *allowance.take(10, "one");
  auto copy = held;
  held.reset();
  EXPECT_FALSE(allowance.take(1, "one").ok());
  copy.reset();
  EXPECT_EQ(allowance.taken(), 0U);
  EXPECT_TRUE(allowance.take(10, "one").ok());
}

TEST(AllowanceTest, GivesNobodyMoreThanHisShareBesideWhatHeHolds) {
  Allowance allowance(10, 5);
  const auto first = allowance.take(3, "one");
  auto second = *allowance.take(2, "one");
  const auto refused = allowance.take(1, "one");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::busy);
  EXPECT_NE(refused.error().detail.find("its client"), std::string::npos);
  const auto others = allowance.take(4, "other");
  EXPECT_TRUE(others.ok());
  EXPECT_EQ(allowance.take(2, "third").error().detail.find("its client"), std::string::npos);
  second.reset();
  EXPECT_FALSE(allowance.take(3, "one").ok());
  EXPECT_TRUE(allowance.take(2, "one").ok());
}

TEST(AllowanceTest, KnowsNoShareOfNobodysOwn) {
  Allowance allowance(10, 5);
  const auto first = allowance.take(5, "");
  EXPECT_TRUE(allowance.take(5, "").ok());
  EXPECT_FALSE(allowance.take(6, "").ok());
}

TEST(AllowanceTest, GivesWhoHoldsNothingMoreThanAShare) {
  Allowance allowance(10, 5);
  auto large = *allowance.take(8, "one");
  EXPECT_TRUE(large);
  EXPECT_FALSE(allowance.take(1, "one").ok());
  EXPECT_TRUE(allowance.take(2, "other").ok());
  large.reset();
  EXPECT_TRUE(allowance.take(8, "one").ok()) << "nothing again";
  EXPECT_FALSE(allowance.take(11, "one").ok());
}

/// That it is given back to what is still there shows under AddressSanitizer alone.
TEST(AllowanceTest, IsOutlivedByWhatWasTaken) {
  std::optional<Allowance> allowance(std::in_place, 10, 10);
  auto held = *allowance->take(10, "one");
  ASSERT_TRUE(held);
  const std::weak_ptr<const void> watch = held;
  allowance.reset();
  EXPECT_FALSE(watch.expired());
  held.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(AllowanceTest, IsNeverExceededByManyAtOnce) {
  constexpr std::size_t kMost = 3;
  Allowance allowance(kMost, kMost);
  std::atomic<std::size_t> at_once = 0;
  std::atomic<bool> is_exceeded = false;
  std::vector<std::thread> takers;
  for (int taker = 0; taker < 8; ++taker) {
    takers.emplace_back([&, taker] {
      for (int turn = 0; turn < 10'000; ++turn) {
        const auto held = allowance.take(1, taker % 2 == 0 ? "one" : "other");
        if (!held.ok()) continue;
        if (++at_once > kMost) is_exceeded = true;
        --at_once;
      }
    });
  }
  for (auto& taker : takers) taker.join();
  EXPECT_FALSE(is_exceeded);
  EXPECT_EQ(allowance.taken(), 0U);
}

}  // namespace
}  // namespace signet
