#include "audit/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::audit {
namespace {

TEST(MemoryJournal, KeepsEventsInTheOrderOfTheirAppending) {
  const Event first{.name = "A", .time = {}, .outcome = EventOutcome::success, .fields = {}};
  const Event second{.name = "B", .time = {}, .outcome = EventOutcome::failure, .fields = {}};
  MemoryJournal journal;
  ASSERT_TRUE(journal.append({&second, &first}).ok());
  ASSERT_TRUE(journal.append({&second}).ok());
  EXPECT_THAT(journal.events(), testing::ElementsAre(second, first, second));
}

}  // namespace
}  // namespace signet::audit
