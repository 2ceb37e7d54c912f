#include "apps/tool/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "apps/tool/report.h"

namespace signet::tool {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A tool with `enroll --url URL [--form FORM]`, `status` and `secret create`.
class CommandLine : public ::testing::Test {
 protected:
  CommandLine() { ::unsetenv("SIGNET_URL"); }
  ~CommandLine() override { ::unsetenv("SIGNET_URL"); }

  int signet(std::vector<const char*> arguments) {
    out.str("");
    err.str("");
    arguments.insert(arguments.begin(), "signet");
    return run_command_line(static_cast<int>(arguments.size()), arguments.data(),
                            {.out = out, .err = err},
                            [this](CLI::App& app, Context&) { add_commands(app); });
  }
  void add_commands(CLI::App& app) {
    auto* enroll = app.add_subcommand("enroll", "");
    enroll->add_option("--url", url, "The server")->required()->check([](const std::string& value) {
      return value == "no url" ? value : "";
    });
    const std::map<std::string, int> forms{{"pkcs10", 0}, {"crmf", 1}};
    enroll->add_option("--form", form, "pkcs10 or crmf")
        ->transform(CLI::Transformer(forms, CLI::ignore_case).description(""));
    app.add_subcommand("status", "");
    app.add_subcommand("secret", "")->require_subcommand(1)->add_subcommand("create", "");
    app.description("What the tool is");
    app.footer("An example of it");
  }

  std::string url;
  int form = 0;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(CommandLine, NamesACommandThatIsMisspelt) {
  EXPECT_EQ(signet({"enrol", "--url", "x"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("signet has no command 'enrol'; do you mean 'enroll'?"));
  EXPECT_EQ(signet({"secret", "crate"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("signet secret has no command 'crate'; do you mean 'create'?"));
}

TEST_F(CommandLine, TakesTheServerFromTheEnvironmentWhereItIsNotTold) {
  EXPECT_EQ(signet({"enroll"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--url is required"));
  ::setenv("SIGNET_URL", "https://of.environment", 1);
  EXPECT_EQ(signet({"enroll"}), 0) << err.str();
  EXPECT_EQ(url, "https://of.environment");
  EXPECT_EQ(signet({"enroll", "--url", "https://told"}), 0) << err.str();
  EXPECT_EQ(url, "https://told");
  EXPECT_EQ(signet({"enroll", "--help"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("SIGNET_URL"));
  ::setenv("SIGNET_URL", "", 1);
  EXPECT_EQ(signet({"enroll"}), 2) << "an empty one is none";
}

TEST_F(CommandLine, LooksAtNoVariableThatItsCommandHasNoOptionFor) {
  ::setenv("SIGNET_URL", "no url", 1);
  EXPECT_EQ(signet({"status"}), 0) << err.str();
  EXPECT_EQ(signet({"enroll"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--url: no url"));
}

TEST_F(CommandLine, NamesAnOptionThatIsMisspeltBeforeOneThatIsMissing) {
  EXPECT_EQ(signet({"enroll", "--ur", "x"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("signet enroll has no option --ur; do you mean '--url'?"));
  EXPECT_THAT(err.str(), Not(HasSubstr("is required")));
  EXPECT_EQ(signet({"enroll", "--ulr=x"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("has no option --ulr; do you mean '--url'?"));
}

TEST_F(CommandLine, FailsWhereWhatItSaysIsLost) {
  EXPECT_EQ(signet({"status"}), 0);
  EXPECT_EQ(err.str(), "");
  out.setstate(std::ios::badbit);
  EXPECT_EQ(signet({"status"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("standard output cannot be written to"));
  EXPECT_EQ(signet({"statues"}), 2) << "it was called wrongly all the same";
}

TEST_F(CommandLine, NamesTheFirstWordThatIsNotExpected) {
  EXPECT_EQ(signet({"enroll", "--url", "x", "one", "two"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("signet enroll does not expect the word 'one'"));
}

TEST_F(CommandLine, StillTellsWhatIsMissing) {
  EXPECT_EQ(signet({"enroll"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--url is required"));
  EXPECT_EQ(signet({}), 2);
  EXPECT_THAT(err.str(), HasSubstr("subcommand is required"));
}

TEST_F(CommandLine, TellsWhatAnOptionTakes) {
  EXPECT_EQ(signet({"enroll", "--url", "x", "--form", "pkcs7"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--form cannot be 'pkcs7'. From its help: pkcs10 or crmf\n"));
  EXPECT_EQ(signet({"enroll", "--url", "x", "--form", "CRMF"}), 0) << err.str();
}

TEST_F(CommandLine, TellsItInJsonAsWell) {
  EXPECT_EQ(signet({"enrol", "--json"}), 2);
  const auto told = Json::parse(out.str());
  EXPECT_EQ(told["error"]["fault"], "usage");
  EXPECT_THAT(told["error"]["detail"].get<std::string>(), HasSubstr("'enroll'"));
}

TEST_F(CommandLine, SaysOfTheToolWhatTheCommandsSay) {
  EXPECT_EQ(signet({"--help"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("What the tool is"));
  EXPECT_THAT(out.str(), HasSubstr("An example of it"));
}

TEST_F(CommandLine, AsksForHelpOfACommandAsBefore) {
  EXPECT_EQ(signet({"enroll", "--help", "--ur"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("--form"));
}

}  // namespace
}  // namespace signet::tool
