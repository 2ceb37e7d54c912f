#include "apps/signetd/agent_routes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/encoding.h"
#include "support/losable_key.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using Json = nlohmann::json;
using store::PendingState;
using test::Holder;
using test::unwrap;

/// Keeps the next decision without a word of it.
class DoubtingEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    auto outcomes = MemoryEngine::apply(batch, journal);
    if (!batch.front()->pending_decision || !std::exchange(doubts, false)) return outcomes;
    return {batch.size(), store::CommitOutcome::failure(Error{Fault::in_doubt, "db2 is away"})};
  }
  bool doubts = false;
};

class AgentRoutes : public ::testing::Test {
 protected:
  test::TestAuthority::Choices choices() {
    test::TestAuthority::Choices made;
    made.engine = &engine;
    made.own_key = key;
    const auto text = test::file(test::source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
    made.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
    return made;
  }
  http::Response send(const std::string& method, const std::string& target, const Holder* who,
                      const std::string& body = "", const std::string& type = "application/json") {
    http::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (target.find('?') != std::string::npos) request.query = target.substr(target.find('?') + 1);
    request.content_type = type;
    request.body = to_bytes(body);
    if (who != nullptr) request.client_certificate = who->certificate.der;
    return answer_agent(ca.desk(), request);
  }
  http::Response get(const std::string& target) { return send("GET", target, &ca.agent); }
  http::Response decide(const std::string& verb, const std::string& body) {
    return send("POST", "/agent/requests/" + id + "/" + verb, &ca.agent, body);
  }
  static Json json(const http::Response& response) {
    EXPECT_EQ(response.content_type, "application/json");
    return Json::parse(as_text(response.body));
  }
  static std::string fault_of(const http::Response& response) {
    const auto body = json(response);
    EXPECT_EQ(body["ok"], false);
    return body["error"]["fault"];
  }
  void expect_open() {
    const auto pending = unwrap(ca.engine().find_pending(unwrap(from_hex(id))));
    EXPECT_EQ(pending.value().state, PendingState::open);
  }
  /// Alice's request waits.
  std::string held() {
    const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
    EXPECT_EQ(ca.send(sent.octets, &ca.alice, "extra").status.cmc_status, cmc::CMCStatus::pending);
    return to_hex(unwrap(ca.engine().list_pending(PendingState::open, 1, {})).at(0).id);
  }

  DoubtingEngine engine;
  std::shared_ptr<test::LosableKey> key = std::make_shared<test::LosableKey>(
      std::shared_ptr<const crypto::PrivateKey>(unwrap(crypto::generate_private_key("ec:p256"))));
  test::TestAuthority ca{choices()};
  std::string id = held();
};

TEST_F(AgentRoutes, KnowsItsPaths) {
  EXPECT_TRUE(is_agent_path("/agent/requests"));
  EXPECT_TRUE(is_agent_path("/agent/requests/00"));
  EXPECT_FALSE(is_agent_path("/agent/requestss"));
  EXPECT_FALSE(is_agent_path("/agent"));
}

TEST_F(AgentRoutes, ListsAndShowsToAgents) {
  const auto listed = json(get("/agent/requests"));
  ASSERT_EQ(listed["requests"].size(), 1U);
  EXPECT_EQ(listed["requests"][0]["id"], id);
  EXPECT_EQ(listed["requests"][0]["subject"], "CN=Alice,O=Test");
  EXPECT_FALSE(listed["requests"][0].contains("message"));
  EXPECT_EQ(json(get("/agent/requests?state=granted"))["requests"].size(), 0U);
  EXPECT_EQ(json(get("/agent/requests?state=all"))["requests"].size(), 1U);
  const auto shown = json(get("/agent/requests/" + id));
  const auto message = unwrap(from_base64(shown["request"]["message"].get<std::string>()));
  EXPECT_EQ(message, unwrap(ca.engine().find_pending(unwrap(from_hex(id))))->message);
}

TEST_F(AgentRoutes, ShowsWhatNobodySeesInNames) {
  auto pending = unwrap(ca.engine().find_pending(unwrap(from_hex(id)))).value();
  pending.id = Bytes(16, 7);
  pending.subject = "CN=alice\u200B,O=Test";
  pending.requester = "\u202Eecila\u202C";
  store::Commit commit;
  commit.pending = pending;
  audit::MemoryJournal journal;
  store::Committer committer(engine, journal);
  ASSERT_TRUE(committer.commit(std::move(commit)).durable());
  const auto shown = json(get("/agent/requests/" + to_hex(pending.id)))["request"];
  EXPECT_EQ(shown["subject"], "CN=alice\\u{200b},O=Test");
  EXPECT_EQ(shown["requester"], "\\u{202e}ecila\\u{202c}");
}

TEST_F(AgentRoutes, ListsPageByPage) {
  std::vector<std::string> newest_first{id};
  for (int more = 0; more < 4; ++more) {
    ca.clock.advance(std::chrono::seconds{1});
    newest_first.insert(newest_first.begin(), held());
  }
  std::vector<std::string> seen;
  std::string query = "?most=2";
  for (int page = 0; page < 3; ++page) {
    const auto told = json(get("/agent/requests" + query));
    for (const auto& each : told["requests"]) seen.push_back(each["id"]);
    ASSERT_EQ(told.contains("next"), page < 2) << page;
    if (page < 2) query = "?most=2&after=" + told["next"].get<std::string>();
  }
  EXPECT_EQ(seen, newest_first);
  EXPECT_FALSE(json(get("/agent/requests?most=5")).contains("next")) << "just as many";
  EXPECT_EQ(json(get("/agent/requests?after=" + std::string(32, '0')))["requests"].size(), 0U);
}

TEST_F(AgentRoutes, RefusesPagesThatAreNone) {
  for (const auto* query : {"most=0", "most=1001", "most=-1", "most=2x", "most=", "after=zz",
                            "after=", "most=99999999999999999999"}) {
    const auto response = get(std::string("/agent/requests?") + query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(fault_of(response), "malformed") << query;
  }
}

TEST_F(AgentRoutes, TellsNobodyElseAnything) {
  for (const auto* who :
       {static_cast<const Holder*>(nullptr), static_cast<const Holder*>(&ca.alice)}) {
    for (const auto& [method, target] : {std::pair{"GET", std::string("/agent/requests")},
                                         std::pair{"GET", "/agent/requests/" + id},
                                         std::pair{"POST", "/agent/requests/" + id + "/approve"},
                                         std::pair{"POST", "/agent/requests/" + id + "/reject"}}) {
      const auto response = send(method, target, who, "{}");
      EXPECT_EQ(response.status, 403) << target;
      EXPECT_EQ(as_text(response.body).find("Alice,O=Test\""), std::string_view::npos);
    }
  }
  expect_open();
}

TEST_F(AgentRoutes, ApprovesWithChangesAndOnce) {
  const auto end = to_text(ca.clock.now() + std::chrono::days{3});
  const auto approved =
      json(decide("approve", R"({"note": "seen", "not_after": ")" + end + R"("})"));
  EXPECT_EQ(approved["request"]["state"], "granted");
  EXPECT_EQ(approved["request"]["note"], "seen");
  ASSERT_EQ(approved["request"]["serial_numbers"].size(), 1U);
  const auto serial = approved["request"]["serial_numbers"][0].get<std::string>().substr(2);
  const auto record =
      unwrap(ca.engine().find_certificate(asn1::Integer::from_unsigned(unwrap(from_hex(serial)))));
  EXPECT_EQ(to_text(record.value().not_after), end);
  const auto again = decide("reject", "{}");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(fault_of(again), "not_allowed");
}

TEST_F(AgentRoutes, RejectsWithANote) {
  EXPECT_EQ(json(decide("reject", R"({"note": "unknown here"})"))["request"]["state"], "rejected");
}

TEST_F(AgentRoutes, RefusesWhatPolicyRefusesAndKeepsItOpen) {
  const auto response = decide("approve", R"({"not_after": "2099-01-01"})");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(fault_of(response), "validity_not_allowed");
  expect_open();
}

TEST_F(AgentRoutes, RefusesWhatIsNoVerdict) {
  for (const auto* body :
       {"", "nonsense", "[]", R"({"note": 1})", R"({"nota": "x"})", R"({"not_after": "soon"})",
        R"({"extensions": [{}]})", R"({"extensions": [{"oid": "2.5.29.37", "value": "%"}]})",
        R"({"extensions": [{"oid": "2.5.29.37", "value": "MAA=", "critical": 1}]})",
        R"({"left_out": ["nothing"]})", R"({"left_out": "2.5.29.37"})", R"({"left_uot": []})",
        R"({"not_after": "2026-02-31"})"}) {
    const auto response = decide("approve", body);
    EXPECT_EQ(response.status, 400) << body;
  }
  // what an approval may change, a rejection may not
  EXPECT_EQ(decide("reject", R"({"not_after": "2026-12-01"})").status, 400);
  EXPECT_EQ(decide("reject", R"({"note": ")" + std::string(1025, 'x') + R"("})").status, 413);
  EXPECT_EQ(decide("approve", "{}" + std::string(64UL * 1024 - 1, ' ')).status, 413);
  const auto other_type =
      send("POST", "/agent/requests/" + id + "/approve", &ca.agent, "{}", "text/plain");
  EXPECT_EQ(other_type.status, 400);
  expect_open();
}

/// A verdict with a value so many levels deep in it.
std::string deep_verdict(std::size_t levels) {
  return R"({"extensions": [{"oid": "1.2.3", "value": "AA==", "critical": )" +
         std::string(levels, '[') + std::string(levels, ']') + "}]}";
}

TEST_F(AgentRoutes, RefusesWhatIsNestedTooDeepBeforeItIsParsed) {
  const auto detail_of = [&](std::size_t levels) {
    const auto told = decide("approve", deep_verdict(levels));
    EXPECT_EQ(told.status, 400);
    return json(told)["error"]["detail"].get<std::string>();
  };
  EXPECT_NE(detail_of(13).find("critical must be true or false"), std::string::npos);
  EXPECT_NE(detail_of(14).find("nested more than 16 deep"), std::string::npos);
  EXPECT_NE(detail_of(32'700).find("nested more than 16 deep"), std::string::npos);
  expect_open();
}

TEST_F(AgentRoutes, RefuseWhoIsNoAgentBeforeWhatHeSentIsLookedAt) {
  for (const auto& body : {deep_verdict(32'700), std::string("nonsense"), std::string("{}")}) {
    for (const auto* verb : {"/approve", "/reject"}) {
      const auto told = send("POST", "/agent/requests/" + id + verb, &ca.alice, body, "text/plain");
      EXPECT_EQ(told.status, 403) << body.substr(0, 20);
      EXPECT_EQ(fault_of(told), "unknown_identity");
    }
  }
  expect_open();
}

TEST_F(AgentRoutes, RefusesOtherPathsMethodsAndStates) {
  EXPECT_EQ(get("/agent/requests/" + std::string(32, '0')).status, 404);
  EXPECT_EQ(get("/agent/requests/zz").status, 404);
  EXPECT_EQ(get("/agent/requests/" + id + "/forget").status, 404);
  EXPECT_EQ(get("/agent/requests?state=lost").status, 400);
  EXPECT_EQ(get("/agent/requests/" + id + "/approve").status, 405);
  EXPECT_EQ(send("POST", "/agent/requests/" + id, &ca.agent, "{}").status, 405);
  EXPECT_EQ(send("DELETE", "/agent/requests", &ca.agent).status, 405);
  expect_open();
}

TEST_F(AgentRoutes, SayThatADecisionIsInDoubt) {
  engine.doubts = true;
  const auto told = decide("reject", R"({"note": "no"})");
  EXPECT_EQ(told.status, 503);
  EXPECT_EQ(fault_of(told), "in_doubt");
  const std::string detail = json(told)["error"]["detail"];
  EXPECT_NE(detail.find("not known yet"), std::string::npos) << detail;
  EXPECT_EQ(detail.find("db2"), std::string::npos) << detail;
  EXPECT_EQ(json(get("/agent/requests/" + id))["request"]["state"], "rejected");
}

TEST_F(AgentRoutes, SayThatAKeyIsAwayAndLeaveTheRequestOpen) {
  key->lost = true;
  const auto told = decide("approve", "{}");
  EXPECT_EQ(told.status, 503);
  EXPECT_EQ(fault_of(told), "token_failed");
  const std::string detail = json(told)["error"]["detail"];
  EXPECT_EQ(detail.find("token \"ca\""), std::string::npos) << detail;
  expect_open();
  key->lost = false;
  EXPECT_EQ(decide("approve", "{}").status, 200);
}

TEST_F(AgentRoutes, SayThatAKeyIsBroken) {
  key->lost = true;
  key->fault = Fault::signing_failed;
  EXPECT_EQ(decide("approve", "{}").status, 500);
  expect_open();
}

}  // namespace
}  // namespace signet::server
