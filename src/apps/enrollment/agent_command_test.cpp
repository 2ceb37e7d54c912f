#include "apps/enrollment/agent_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/tool/command_line.h"
#include "codec/pkix/certificate.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// `signet agent` with a server at the other end that says what the test wants it to.
class AgentCommand : public ::testing::Test {
 protected:
  AgentCommand() {
    write("ca.pem", pkix::to_pem({authority.certificate()}));
    write("agent.pem", pkix::to_pem({authority.agent.certificate}));
    write("agent.key",
          unwrap(crypto::write_private_key(*authority.agent.key, SecretBytes{})).text());
  }
  void write(const std::string& name, std::string_view text) const {
    ASSERT_TRUE(files::write_file(folder / name, as_bytes(text)).ok());
  }
  int agent(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"signet", "agent"});
    for (const auto& more :
         {std::string("--url"), std::string("https://ca.test"), std::string("--ca"),
          folder / "ca.pem", std::string("--signer"), folder / "agent.pem",
          std::string("--signer-key"), folder / "agent.key"}) {
      arguments.push_back(more);
    }
    std::vector<const char*> argv;
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    return run_command_line(
        static_cast<int>(argv.size()), argv.data(), {.out = out, .err = err},
        [this](auto& app, auto& context) { add_agent_command(app, context, surroundings); });
  }
  Result<http::Reply> reply() {
    // A list without end is told apart from one that ends: the test ends.
    if (++asked > kMostAsked) return Error{Fault::internal, "asked for ever"};
    if (!said.empty()) return http::Reply{200, "application/json", to_bytes(said)};
    if (one_more) return page_reply(one_more(asked));
    return page_reply(pages[(asked - 1) % pages.size()]);
  }
  static Result<http::Reply> page_reply(const nlohmann::json& page) {
    return http::Reply{200, "application/json", to_bytes(page.dump())};
  }

  static constexpr std::size_t kMostAsked = 2000;
  test::TestAuthority authority;
  test::TemporaryFolder folder;
  std::string said;  ///< word for word, in the place of pages
  std::vector<nlohmann::json> pages;
  std::function<nlohmann::json(std::size_t)> one_more;  ///< or what comes next
  std::size_t asked = 0;
  std::ostringstream out;
  std::ostringstream err;
  Surroundings surroundings{
      authority.clock, crypto::system_random(), {}, [this](const auto&, const auto&) {
        return reply();
      }};
};

nlohmann::json page(const std::vector<std::string>& ids, const std::string& next) {
  auto requests = nlohmann::json::array();
  for (const auto& id : ids) requests.push_back({{"id", id}, {"state", "open"}});
  return {{"ok", true}, {"requests", requests}, {"next", next}};
}

TEST_F(AgentCommand, ListsAllPagesToTheLast) {
  pages = {page({"5", "4"}, "4"), page({"3"}, "3"), page({}, "")};
  EXPECT_EQ(agent({"list", "--all"}), 0) << err.str();
  EXPECT_EQ(asked, 3U);
  EXPECT_THAT(err.str(), HasSubstr("3 requests (open)"));
}

TEST_F(AgentCommand, PrintsEachPageAsItComesAndOneObjectInTheEnd) {
  std::vector<std::string> printed;
  one_more = [&](std::size_t number) {
    printed.push_back(out.str());
    return number < 3 ? page({std::to_string(number), "x"}, std::to_string(number)) : page({}, "");
  };
  EXPECT_EQ(agent({"list", "--all", "--json"}), 0) << err.str();
  EXPECT_THAT(printed, ElementsAre("", HasSubstr(R"("id":"1")"), HasSubstr(R"("id":"2")")));
  const auto told = nlohmann::json::parse(out.str());
  EXPECT_EQ(told["ok"], true);
  EXPECT_EQ(told["requests"].size(), 4U);
  EXPECT_EQ(told["requests"][2]["id"], "2");
  EXPECT_FALSE(told.contains("next"));
}

TEST_F(AgentCommand, IsOneObjectWhateverIsListed) {
  pages = {page({}, "")};
  EXPECT_EQ(agent({"list", "--json"}), 0) << err.str();
  EXPECT_EQ(nlohmann::json::parse(out.str()),
            (nlohmann::json{{"ok", true}, {"requests", nlohmann::json::array()}}));
  out.str("");
  pages = {page({"5"}, "5")};
  EXPECT_EQ(agent({"list", "--json"}), 0) << err.str();
  EXPECT_EQ(nlohmann::json::parse(out.str())["next"], "5");
}

TEST_F(AgentCommand, ThatIsBrokenOffIsOneObjectThatSaysSo) {
  pages = {page({"5"}, "5")};
  EXPECT_EQ(agent({"list", "--all", "--json"}), 1);
  auto told = nlohmann::json::parse(out.str());
  EXPECT_EQ(told["ok"], false);
  EXPECT_THAT(told["error"]["detail"].get<std::string>(), HasSubstr("does not end"));
  EXPECT_EQ(told["requests"].size(), 2U);

  out.str("");
  said = R"({"ok":false,"error":{"detail":"no"}})";
  EXPECT_EQ(agent({"list", "--all", "--json"}), 1);
  told = nlohmann::json::parse(out.str());
  EXPECT_EQ(told["ok"], false);
  EXPECT_FALSE(told.contains("requests")) << "nothing had come";
}

TEST_F(AgentCommand, CountsOneRequestAsOne) {
  pages = {page({"5"}, "")};
  EXPECT_EQ(agent({"list"}), 0) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("1 request (open)"));
}

TEST_F(AgentCommand, StopsWhereTheServerGivesTheSamePagesAgain) {
  pages = {page({"5"}, "5")};
  EXPECT_EQ(agent({"list", "--all"}), 1);
  EXPECT_EQ(asked, 2U);
  EXPECT_THAT(err.str(), HasSubstr("does not end"));
}

TEST_F(AgentCommand, StopsWhereTheServerTurnsInACircle) {
  pages = {page({"5"}, "5"), page({"4"}, "4")};
  EXPECT_EQ(agent({"list", "--all", "--json"}), 1);
  EXPECT_EQ(asked, 3U);
}

TEST_F(AgentCommand, StopsAtAnEmptyPageThatIsNotTheLast) {
  pages = {page({"5"}, "5"), page({}, "4"), page({}, "3")};
  EXPECT_EQ(agent({"list", "--all"}), 1);
  EXPECT_EQ(asked, 2U);
}

TEST_F(AgentCommand, StopsWhereTheServerAlwaysHasOneMore) {
  one_more = [](std::size_t number) {
    return page({std::to_string(number)}, std::to_string(number));
  };
  EXPECT_EQ(agent({"list", "--all"}), 1);
  EXPECT_EQ(asked, 1000U);
  EXPECT_THAT(err.str(), HasSubstr("does not end"));
}

TEST_F(AgentCommand, LetsNoWordOfTheServerReachTheTerminalAsItIs) {
  nlohmann::json request;
  for (const auto* name :
       {"id", "state", "created_at", "subject", "requester", "profile", "na\x1Bme"}) {
    request[name] = "\x1B[2Jx";
  }
  pages = {{{"ok", true}, {"requests", {request}}, {"request", request}}};
  EXPECT_EQ(agent({"list"}), 0) << err.str();
  EXPECT_EQ(agent({"show", "07"}), 0) << err.str();
  EXPECT_EQ(agent({"approve", "07"}), 1) << "nobody posts here";
  EXPECT_THAT(out.str(), HasSubstr("?[2Jx"));
  EXPECT_THAT(out.str(), HasSubstr("na?me"));
  EXPECT_THAT(out.str() + err.str(), Not(HasSubstr("\x1B")));
}

TEST_F(AgentCommand, RefusesAnAnswerThatIsNestedDeep) {
  const std::size_t levels = 200'000;
  said = R"({"ok":true,"requests":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  EXPECT_EQ(agent({"list"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("nested more than 16 deep"));
}

TEST_F(AgentCommand, TakesAnyJsonForAnAnswer) {
  for (const auto* refused : {R"({"ok":false,"error":"x"})", R"({"ok":false,"error":{"detail":5}})",
                              R"({"ok":false})", R"({"ok":{}})"}) {
    said = refused;
    EXPECT_EQ(agent({"list"}), 1) << refused;
    EXPECT_THAT(err.str(), HasSubstr("the authority says: ")) << refused;
    EXPECT_THAT(err.str(), Not(HasSubstr("defect"))) << refused;
    err.str("");
  }
  for (const auto* odd : {R"({"ok":true})", R"({"ok":true,"requests":"x","request":"y"})",
                          R"({"ok":true,"requests":{"a":1},"request":[1]})",
                          R"({"ok":true,"requests":[1,"x",[]],"next":5,"request":5})"}) {
    said = odd;
    EXPECT_EQ(agent({"list"}), 0) << odd << err.str();
    EXPECT_EQ(agent({"show", "07"}), 0) << odd << err.str();
  }
  for (const auto* none : {"", "[]", "nothing", "{}"}) {
    said = std::string(none) + " ";
    EXPECT_EQ(agent({"list"}), 1) << none;
    EXPECT_THAT(err.str(), HasSubstr("is this a Signet server?")) << none;
    err.str("");
  }
}

}  // namespace
}  // namespace signet::tool
