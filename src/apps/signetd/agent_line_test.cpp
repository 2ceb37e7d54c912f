#include "apps/signetd/agent_line.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "support/keeping_log.h"
#include "support/test_authority.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;

/// A store whose disk does not come back until it is told to.
class HangingEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    if (hangs.exchange(false)) {
      hanging.set_value();
      goes_on.get_future().wait();
    }
    ++batches;
    return MemoryEngine::apply(batch, journal);
  }
  std::atomic<bool> hangs = false;
  std::atomic<int> batches = 0;
  std::promise<void> hanging;
  std::promise<void> goes_on;
};

class AgentLineTest : public ::testing::Test {
 protected:
  /// The status of what is answered.
  std::future<int> ask(AgentLine& line, const test::Holder* who) {
    http::Request request;
    request.method = "GET";
    request.path = "/agent/requests";
    request.client_address = "192.0.2.1";
    if (who != nullptr) request.client_certificate = who->certificate.der;
    auto answered = std::make_shared<std::promise<int>>();
    line.respond(std::move(request), [answered](const http::Response& response) {
      answered->set_value(response.status);
    });
    return answered->get_future();
  }

  HangingEngine engine;
  test::TestAuthority ca{{.engine = &engine}};
  test::KeepingLog log;
};

TEST_F(AgentLineTest, RefusesWhoShowsNoCertificateAtOnceAndRecordsNothing) {
  AgentLine line(ca.desk(), log);
  const auto before = engine.batches.load();
  for (int i = 0; i < 100; ++i) {
    auto answer = ask(line, nullptr);
    ASSERT_EQ(answer.wait_for(0s), std::future_status::ready);
    EXPECT_EQ(answer.get(), 403);
  }
  EXPECT_EQ(engine.batches, before);
  ASSERT_GE(log.lines.size(), 1U);
  EXPECT_LE(log.lines.size(), 3U) << "once a second";
  EXPECT_EQ(log.lines[0],
            "request_refused why=an agent's path without a TLS client certificate "
            "client=address 192.0.2.1 so_far=1");
}

TEST_F(AgentLineTest, KeepsNoneWaitingButThoseInLineWhileADiskIsBusy) {
  AgentLine line(ca.desk(), log);
  engine.hangs = true;
  auto refused = ask(line, &ca.alice);  // returns, though the record of it waits
  engine.hanging.get_future().wait();
  auto agent = ask(line, &ca.agent);
  EXPECT_EQ(refused.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(agent.wait_for(0s), std::future_status::timeout);
  engine.goes_on.set_value();
  EXPECT_EQ(refused.get(), 403);
  EXPECT_EQ(agent.get(), 200);
}

TEST_F(AgentLineTest, TellsThoseInLineToComeAgainWhenItEnds) {
  auto line = std::make_unique<AgentLine>(ca.desk(), log);
  engine.hangs = true;
  auto first = ask(*line, &ca.alice);
  engine.hanging.get_future().wait();
  auto second = ask(*line, &ca.agent);
  auto ended = std::async(std::launch::async, [&] { line.reset(); });
  EXPECT_EQ(ended.wait_for(50ms), std::future_status::timeout);
  engine.goes_on.set_value();
  ended.get();
  EXPECT_EQ(first.get(), 403);
  EXPECT_EQ(second.get(), 503);
}

}  // namespace
}  // namespace signet::server
