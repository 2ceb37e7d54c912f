#include "apps/tool/report.h"

#include <gtest/gtest.h>

#include <sstream>

namespace signet::tool {
namespace {

TEST(Printable, ReplacesControlCharacters) {
  EXPECT_EQ(printable("a\x1b[0m\nb\x7f"), "a?[0m?b?");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "?31m");
  EXPECT_EQ(printable("Jörg, §5, \xC2\xA1"), "Jörg, §5, \xC2\xA1");
}

TEST(Printable, ShowsWhatNobodySees) {
  EXPECT_EQ(printable("CN=alice\u200B"), "CN=alice\\u{200b}");
  EXPECT_EQ(printable("CN=\u202Eecila\u202C"), "CN=\\u{202e}ecila\\u{202c}");
}

TEST(WriteJson, EscapesWhatNobodySeesAndChangesNothing) {
  const Json object{{"subject", "CN=J\u00F6rg\u200B \u202E\x7F\u009B\U000E0041"}};
  std::ostringstream out;
  write_json(out, object);
  EXPECT_EQ(out.str(),
            "{\"subject\":\"CN=J\u00F6rg\\u200b \\u202e\\u007f\\u009b\\udb40\\udc41\"}\n");
  EXPECT_EQ(Json::parse(out.str()), object);
}

class Report : public ::testing::Test {
 protected:
  std::ostringstream out;
  std::ostringstream err;
  Context context{.out = out, .err = err};
};

TEST_F(Report, ChoosesTheNextStepByTheCommand) {
  context.command = "secret revoke";
  report(context, Result<void>(Error{Fault::unknown_identity, "no secret in force for 'bob'"}));
  EXPECT_EQ(err.str(),
            "signet: no secret in force for 'bob'\n  `signet secret list` names those in force.\n");
}

TEST_F(Report, HasAWordOfItsOwnForAServerOutOfReach) {
  context.json = true;
  report(context, Result<void>(Error{Fault::directory_unreachable, "nobody answers"}));
  EXPECT_EQ(Json::parse(out.str())["error"]["fault"], "server_unreachable");
}

TEST_F(Report, LeavesNoEmptyLineWhereOnlyMoreIsTold) {
  report(context, Failure{"malformed", "no address", "\n  Nothing is lost."});
  EXPECT_EQ(err.str(), "signet: no address\n  Nothing is lost.\n");
}

}  // namespace
}  // namespace signet::tool
