#include "apps/operator/audit_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/tool/command_line.h"
#include "audit/chain.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AuditCommand : public ::testing::Test {
 protected:
  AuditCommand() {
    audit::ChainHead head;
    for (int number = 1; number <= 3; ++number) {
      const audit::Event event{
          number == 2 ? "CERT_REQUEST_PROCESSED" : "CMC_REQUEST_RECEIVED",
          {},
          number == 3 ? audit::EventOutcome::failure : audit::EventOutcome::success,
          {{"SubjectID", "user " + std::to_string(number)}}};
      lines.push_back(audit::write_record(event, head));
    }
  }
  int signet(std::vector<const char*> arguments) {
    std::ofstream journal(path);
    for (const auto& line : lines) journal << line << "\n";
    journal.close();
    arguments.insert(arguments.begin(), "signet");
    return run_command_line(static_cast<int>(arguments.size()), arguments.data(),
                            {.out = out, .err = err},
                            [](auto& app, auto& context) { add_audit_command(app, context); });
  }

  test::TemporaryFolder folder;
  std::string path = folder / "audit.jsonl";
  std::vector<std::string> lines;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(AuditCommand, VerifyTellsThatTheJournalHolds) {
  EXPECT_EQ(signet({"audit", "verify", path.c_str()}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("3 records"));
}

TEST_F(AuditCommand, VerifyNamesTheFirstRecordThatDoesNotHold) {
  lines[1].replace(lines[1].find("user 2"), 6, "user 9");
  EXPECT_EQ(signet({"audit", "verify", path.c_str()}), 1);
  EXPECT_THAT(err.str(), HasSubstr("line 2"));
}

TEST_F(AuditCommand, VerifyMissesNoRemovedRecord) {
  lines.erase(lines.begin() + 1);
  EXPECT_EQ(signet({"audit", "verify", path.c_str(), "--json"}), 1);
  EXPECT_EQ(nlohmann::json::parse(out.str())["error"]["line"], 2);
}

TEST_F(AuditCommand, AFolderIsNoJournal) {
  const auto place = folder.path().string();
  for (const auto* verb : {"show", "verify"}) {
    EXPECT_EQ(signet({"audit", verb, place.c_str()}), 1);
    EXPECT_THAT(err.str(), HasSubstr("Is a directory\n  Name a file in it."));
  }
}

TEST_F(AuditCommand, ShowPrintsEventsByNameAndNumber) {
  EXPECT_EQ(
      signet({"audit", "show", path.c_str(), "--event", "CMC_REQUEST_RECEIVED", "--last", "1"}), 0)
      << err.str();
  EXPECT_THAT(out.str(), HasSubstr("user 3"));
  EXPECT_THAT(out.str(), Not(HasSubstr("user 1")));
  EXPECT_THAT(out.str(), Not(HasSubstr("user 2")));
}

TEST_F(AuditCommand, ShowPrintsWhatFailedAndWhatIsAboutSomebody) {
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--outcome", "failure"}), 0) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("user 3"), Not(HasSubstr("user 1"))));
  out.str("");
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--about", "r 2"}), 0) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("user 2"), Not(HasSubstr("user 3"))));
  out.str("");
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--about", "r 2", "--outcome", "failure"}), 0);
  EXPECT_EQ(out.str() + err.str(), "");
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--outcome", "refused"}), 2);
}

TEST_F(AuditCommand, ShowCountsTheLastOfWhatIsWanted) {
  const std::vector<const char*> last_success{"audit",   "show",   path.c_str(), "--outcome",
                                              "success", "--last", "1"};
  EXPECT_EQ(signet(last_success), 0) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("user 2"), Not(HasSubstr("user 1"))));
}

TEST_F(AuditCommand, ShowRefusesAnEventThatThereIsNot) {
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", "CERT_REQUEST_PROCESED"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("do you mean 'CERT_REQUEST_PROCESSED'?"));
  err.str("");
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", "X"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("there are AUDIT_BATCH_ABANDONED, "));
}

TEST_F(AuditCommand, ShowTakesAnEventThatHasNotHappenedAndOneThatOnlyTheJournalKnows) {
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", "FULL_CRL_GENERATION"}), 0);
  EXPECT_EQ(out.str() + err.str(), "");
  for (const auto* event : {"AUTHZ", "AUDIT_JOURNAL_INCOMPLETE", "AUDIT_STORE_INCOMPLETE"}) {
    EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", event}), 0) << err.str();
  }
  audit::ChainHead head;
  lines = {audit::write_record({"OF_LATER", {}, audit::EventOutcome::success, {}}, head)};
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", "OF_LATER"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("OF_LATER"));
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--event", "OF_LATER", "--outcome", "failure"}),
            0)
      << err.str();
}

TEST_F(AuditCommand, ShowCutsWhatNobodyReadsInATerminalAndJsonDoesNot) {
  const std::string message(401, 'M');
  const std::string word(400, 'w');
  const auto reason = "refused: " + std::string(800, 'r');
  audit::ChainHead head;
  lines = {audit::write_record({"CMC_RESPONSE_SENT",
                                {},
                                audit::EventOutcome::success,
                                {{"CMCResponse", message}, {"Word", word}, {"Info", reason}}},
                               head)};
  EXPECT_EQ(signet({"audit", "show", path.c_str()}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("MMM… (401 characters; --json has all)"));
  EXPECT_THAT(out.str(), AllOf(HasSubstr(word), HasSubstr(reason), Not(HasSubstr(message))));
  out.str("");
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--json"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(message));
}

TEST_F(AuditCommand, ShowTellsJson) {
  EXPECT_EQ(signet({"audit", "show", path.c_str(), "--json"}), 0) << err.str();
  const auto shown = nlohmann::json::parse(out.str());
  EXPECT_EQ(shown["records"].size(), 3U);
  EXPECT_EQ(shown["records"][1]["event"], "CERT_REQUEST_PROCESSED");
}

TEST_F(AuditCommand, NamesAJournalThatIsNotThere) {
  EXPECT_EQ(signet({"audit", "verify", "/nowhere/audit.jsonl"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("/nowhere/audit.jsonl"));
}

}  // namespace
}  // namespace signet::tool
