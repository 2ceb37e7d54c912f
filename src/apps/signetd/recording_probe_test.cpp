#include "apps/signetd/recording_probe.h"

#include <gtest/gtest.h>

#include <atomic>

#include "store/memory_engine.h"
#include "support/keeping_log.h"
#include "support/store_records.h"

namespace signet::server {
namespace {

/// A journal on a disk that may be full.
class FillingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    if (is_full) return Error{Fault::storage_failed, "no room"};
    return memory.append(events);
  }
  std::atomic<bool> is_full = false;
  audit::MemoryJournal memory;
};

struct ProbedNode {
  store::MemoryEngine engine;
  FillingJournal journal;
  store::Committer committer{engine, journal};
  SystemClock clock;
  test::KeepingLog log;
  RecordingProbe probe{
      {.committer = committer, .leases = engine, .node = "this", .clock = clock, .log = log}};
};

TEST(RecordingProbe, WritesNothingWhileTheNodeKeepsWhatItIsGiven) {
  ProbedNode node;
  static_cast<void>(node.probe.look());
  EXPECT_TRUE(node.journal.memory.events().empty());
  EXPECT_TRUE(node.log.lines.empty());
}

TEST(RecordingProbe, LetsANodeGetWellThatNobodyAsks) {
  ProbedNode node;
  node.journal.is_full = true;
  ASSERT_TRUE(node.committer.commit(test::grant(1)).failed.has_value());
  static_cast<void>(node.probe.look());
  EXPECT_FALSE(node.committer.keeps());
  node.journal.is_full = false;
  static_cast<void>(node.probe.look());
  EXPECT_TRUE(node.committer.keeps());
  EXPECT_EQ(node.log.lines,
            (std::vector<std::string>{"nothing_recorded why=no room", "recording_again"}));
  ASSERT_EQ(node.journal.memory.events().size(), 1U);
  EXPECT_EQ(node.journal.memory.events().front().name, "SELFTESTS_EXECUTION");
}

}  // namespace
}  // namespace signet::server
