#include "adapters/postgres/journal_marks.h"

#include <gtest/gtest.h>

#include "adapters/postgres/postgres_engine.h"
#include "support/eventually.h"
#include "support/marked_journal.h"
#include "support/postgres_server.h"
#include "support/store_records.h"

namespace signet::test {
namespace {

using postgres::PostgresEngine;
using Mark = std::optional<audit::JournalMark>;

/// One node of a new store, and others.
struct Nodes {
  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<PostgresEngine> one = start("one:/srv/audit.jsonl");

  [[nodiscard]] std::unique_ptr<PostgresEngine> start(const std::string& name) const {
    return *PostgresEngine::open(uri, {}, name);
  }
};

Mark known_to(const PostgresEngine& node) {
  return *node.find_journal_mark("audit.jsonl");
}

bool records(PostgresEngine& node, store::Commit commit, audit::Journal& journal) {
  commit.events.push_back({.name = "TOLD", .time = {}, .fields = {}});
  const std::vector<const store::Commit*> batch{&commit};
  return node.apply(batch, journal).front().durable();
}

TEST(JournalMarks, AreExactOnceANodeHasEnded) {
  Nodes nodes;
  EXPECT_EQ(known_to(*nodes.one), std::nullopt);
  MarkedJournal journal;
  for (std::uint16_t number = 1; number <= 3; ++number) {
    ASSERT_TRUE(records(*nodes.one, grant(number), journal));
  }
  ASSERT_TRUE(records(*nodes.one, {}, journal)) << "events alone";
  nodes.one.reset();
  const auto again = nodes.start("one:/srv/audit.jsonl");
  EXPECT_EQ(known_to(*again), journal.mark());
  EXPECT_EQ(*again->find_journal_mark("operator.jsonl"), std::nullopt);
}

TEST(JournalMarks, OfEachNodeAreItsOwn) {
  Nodes nodes;
  const auto other = nodes.start("two:/srv/audit.jsonl");
  MarkedJournal journal;
  ASSERT_TRUE(records(*nodes.one, grant(1), journal));
  EXPECT_EQ(known_to(*nodes.one), journal.mark());
  EXPECT_EQ(known_to(*other), std::nullopt);
  MarkedJournal journal_of_other;
  ASSERT_TRUE(records(*other, {}, journal_of_other));
  ASSERT_TRUE(records(*other, grant(2), journal_of_other));
  EXPECT_EQ(known_to(*other), journal_of_other.mark());
  EXPECT_EQ(known_to(*nodes.one), journal.mark());
}

TEST(JournalMarks, GoOnWhileANodeServesButNotWithEachBatch) {
  Nodes nodes;
  MarkedJournal journal;
  ASSERT_TRUE(records(*nodes.one, {}, journal));
  EXPECT_EQ(known_to(*nodes.one), std::nullopt) << "events alone need no database";
  ASSERT_TRUE(records(*nodes.one, grant(1), journal));
  const auto first = journal.mark();
  EXPECT_EQ(known_to(*nodes.one), first);
  ASSERT_TRUE(records(*nodes.one, grant(2), journal));
  EXPECT_EQ(known_to(*nodes.one), first);
  std::uint16_t number = 2;
  EXPECT_TRUE(eventually([&] {
    return records(*nodes.one, grant(++number), journal) && known_to(*nodes.one) != first;
  }));
  EXPECT_EQ(known_to(*nodes.one), journal.mark());
}

TEST(JournalMarks, AreNotKeptForABatchThatKeepsNothing) {
  Nodes nodes;
  MarkedJournal of_other;
  ASSERT_TRUE(records(*nodes.start("two:/srv/audit.jsonl"), grant(1), of_other));
  MarkedJournal journal;
  ASSERT_TRUE(records(*nodes.one, {}, journal));
  EXPECT_FALSE(records(*nodes.one, grant(1), journal)) << "the number is given";
  EXPECT_EQ(known_to(*nodes.one), std::nullopt);
}

TEST(JournalMarks, AreKeptOfNoJournalThatHasNoneAndForNobodyWithoutAName) {
  Nodes nodes;
  audit::MemoryJournal without;
  ASSERT_TRUE(records(*nodes.one, grant(1), without));
  MarkedJournal journal;
  const auto tool = *PostgresEngine::open(nodes.uri);
  ASSERT_TRUE(records(*tool, grant(2), journal));
  EXPECT_EQ(known_to(*tool), std::nullopt);
  nodes.one.reset();
  EXPECT_EQ(known_to(*nodes.start("one:/srv/audit.jsonl")), std::nullopt);
}

TEST(JournalMarks, AreNotWaitedForWhereTheDatabaseIsAway) {
  Nodes nodes;
  MarkedJournal journal;
  ASSERT_TRUE(records(*nodes.one, grant(1), journal));
  ASSERT_TRUE(records(*nodes.one, {}, journal));
  const auto kept = known_to(*nodes.one);
  PostgresServer::instance().kill();
  const auto before = std::chrono::steady_clock::now();
  nodes.one.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5});
  PostgresServer::instance().start();
  EXPECT_EQ(known_to(*nodes.start("one:/srv/audit.jsonl")), kept);
}

}  // namespace
}  // namespace signet::test
