#include "base/line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace signet {
namespace {

TEST(Line, DoesAllInItsOrderBeforeItEnds) {
  std::vector<int> done;
  {
    Line line;
    for (int i = 0; i < 100; ++i) line.add([&done, i] { done.push_back(i); });
  }
  ASSERT_EQ(done.size(), 100U);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(Line, GoesOnAfterWhatThrewAndKeepsNothingOfIt) {
  const auto held = std::make_shared<int>(1);
  bool went_on = false;
  {
    Line line;
    line.add([held] { throw std::runtime_error("no memory"); });
    line.add([&, only = std::weak_ptr(held)] { went_on = only.use_count() == 1; });
  }
  EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace signet
