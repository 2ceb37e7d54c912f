#include "base/work_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "support/keeping_log.h"

namespace signet {
namespace {

TEST(WorkQueue, DoesAllInItsOrderBeforeItEnds) {
  std::vector<int> done;
  SilentLog log;
  {
    WorkQueue queue("work", log);
    for (int i = 0; i < 100; ++i) queue.add([&done, i] { done.push_back(i); });
  }
  ASSERT_EQ(done.size(), 100U);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(WorkQueue, TellsWhatWasThrownKeepsNothingOfItAndGoesOn) {
  const auto held = std::make_shared<int>(1);
  bool went_on = false;
  test::KeepingLog log;
  {
    WorkQueue queue("answers", log);
    queue.add([held] { throw std::runtime_error("no memory"); });
    queue.add([] { throw 1; });
    queue.add([&, only = std::weak_ptr(held)] { went_on = only.use_count() == 1; });
  }
  EXPECT_TRUE(went_on);
  EXPECT_EQ(log.lines,
            (std::vector<std::string>{"work_broken_off what=answers why=no memory",
                                      "work_broken_off what=answers why=unknown exception"}));
}

}  // namespace
}  // namespace signet
