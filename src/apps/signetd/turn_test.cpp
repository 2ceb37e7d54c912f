#include "apps/signetd/turn.h"

#include <gtest/gtest.h>

#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// Keeps the names of what was logged.
class LoggedNames final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field>) override {
    names.emplace_back(event);
  }
  std::vector<std::string> names;
};

struct Nodes {
  Turn::Parts parts(const std::string& holder, std::chrono::milliseconds duration) {
    return {.leases = store, .name = "crl", .holder = holder, .log = log, .duration = duration};
  }
  store::MemoryEngine store;
  LoggedNames log;
};

constexpr std::chrono::hours kLong{1};
constexpr std::chrono::milliseconds kOver{0};

TEST(Turn, IsOneNodesAtATime) {
  Nodes nodes;
  Turn one(nodes.parts("one", kLong));
  Turn other(nodes.parts("other", kLong));
  EXPECT_TRUE(one.is_ours());
  EXPECT_FALSE(other.is_ours());
  EXPECT_TRUE(one.is_ours());
  EXPECT_EQ(nodes.log.names, std::vector<std::string>{"turn_taken"});
}

TEST(Turn, GoesToAnotherAtAnOrderlyEnd) {
  Nodes nodes;
  Turn other(nodes.parts("other", kLong));
  {
    Turn one(nodes.parts("one", kLong));
    EXPECT_TRUE(one.is_ours());
    EXPECT_FALSE(other.is_ours());
  }
  EXPECT_TRUE(other.is_ours());
}

TEST(Turn, ThatIsGivenBackGoesToAnotherOrComesAgainInSilence) {
  Nodes nodes;
  Turn one(nodes.parts("one", kLong));
  Turn other(nodes.parts("other", kLong));
  for (int time = 0; time < 3; ++time) {
    EXPECT_TRUE(one.is_ours());
    one.give_back();
  }
  EXPECT_EQ(nodes.log.names, std::vector<std::string>{"turn_taken"});
  EXPECT_TRUE(other.is_ours());
  one.give_back();  // it has none to give
  EXPECT_FALSE(one.is_ours());
  EXPECT_TRUE(other.is_ours());
}

TEST(Turn, GoesToAnotherWhenTheLeaseEnded) {
  Nodes nodes;
  Turn one(nodes.parts("one", kOver));
  Turn other(nodes.parts("other", kLong));
  EXPECT_TRUE(one.is_ours());
  EXPECT_TRUE(other.is_ours());
  Turn third(nodes.parts("third", kLong));
  EXPECT_FALSE(third.is_ours());
}

TEST(Turn, ThatWasNeverOursIsNotGivenBack) {
  Nodes nodes;
  Turn one(nodes.parts("one", kLong));
  EXPECT_TRUE(one.is_ours());
  { const Turn same_name(nodes.parts("one", kLong)); }
  Turn other(nodes.parts("other", kLong));
  EXPECT_FALSE(other.is_ours());
}

/// A store that is away.
class NoLeases final : public store::LeaseStore {
 public:
  Result<std::optional<store::Lease>> take_lease(std::string_view, std::string_view,
                                                 std::chrono::milliseconds) override {
    return Error{Fault::storage_failed, "away"};
  }
  Result<void> give_lease_back(std::string_view, std::string_view) override { return {}; }
};

TEST(Turn, IsNobodysWhenTheStoreIsAway) {
  NoLeases leases;
  LoggedNames log;
  Turn turn({.leases = leases, .name = "crl", .holder = "one", .log = log});
  EXPECT_FALSE(turn.is_ours());
  EXPECT_EQ(log.names, std::vector<std::string>{"turn_unknown"});
}

TEST(NameOfThisNode, DiffersFromThatOfANodeWithAnotherJournal) {
  EXPECT_EQ(name_of_this_node("/srv/one/audit.jsonl"), name_of_this_node("/srv/one/audit.jsonl"));
  EXPECT_NE(name_of_this_node("/srv/one/audit.jsonl"), name_of_this_node("/srv/two/audit.jsonl"));
}

}  // namespace
}  // namespace signet::server
