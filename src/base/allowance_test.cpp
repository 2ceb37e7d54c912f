#include "base/allowance.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace signet {
namespace {

TEST(AllowanceTest, GivesWhatIsLeftAndNoMore) {
  Allowance allowance(10);
  const auto most = allowance.take(7);
  EXPECT_TRUE(most);
  EXPECT_FALSE(allowance.take(4));
  EXPECT_EQ(allowance.taken(), 7U) << "what was not given is not counted";
  const auto rest = allowance.take(3);
  EXPECT_TRUE(rest);
  EXPECT_FALSE(allowance.take(1));
}

TEST(AllowanceTest, IsGivenBackWithTheLastCopyAndOnce) {
  Allowance allowance(10);
  auto held = allowance.take(10);
  auto copy = held;
  held.reset();
  EXPECT_FALSE(allowance.take(1));
  copy.reset();
  EXPECT_EQ(allowance.taken(), 0U);
  EXPECT_TRUE(allowance.take(10));
}

/// That it is given back to what is still there shows under AddressSanitizer alone.
TEST(AllowanceTest, IsOutlivedByWhatWasTaken) {
  std::optional<Allowance> allowance(10);
  auto held = allowance->take(10);
  ASSERT_TRUE(held);
  const std::weak_ptr<const void> watch = held;
  allowance.reset();
  EXPECT_FALSE(watch.expired());
  held.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(AllowanceTest, IsNeverExceededByManyAtOnce) {
  constexpr std::size_t kMost = 3;
  Allowance allowance(kMost);
  std::atomic<std::size_t> at_once = 0;
  std::atomic<bool> is_exceeded = false;
  std::vector<std::thread> takers;
  for (int taker = 0; taker < 8; ++taker) {
    takers.emplace_back([&] {
      for (int turn = 0; turn < 10'000; ++turn) {
        const auto held = allowance.take(1);
        if (!held) continue;
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
