// HttpClient: its file, and what becomes of an older answer.
#include "apps/dogtag/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using testing::HasSubstr;
using testing::Not;

class HttpClient : public Tools {
 protected:
  HttpClient() { request("alice"); }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    return std::string(as_text(test::unwrap(files::read_file(database / name))));
  }
};

TEST_F(HttpClient, ReadsAFileOfJavasProperties) {
  EXPECT_EQ(configured("HttpClient",
                       "  ! of another host\n  host : ca.test\nport\t8443\n"
                       "servlet=/sub\\\n    mit\ninput=" +
                           (database / "alice") + "\noutput=" + (database / "answer") + "\ndbdir=" +
                           database.path() + "\npassword=s\\u0065\\cret\nsecure=true \n"),
            kDone)
      << err.str();
  EXPECT_EQ(posted_to, "https://ca.test:8443/submit");
  EXPECT_EQ(err.str(), "");
}

TEST_F(HttpClient, DoesNotTakeAnEscapeForItsLetters) {
  EXPECT_EQ(configured("HttpClient", of_submission("password=secret\\\\\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("refuses the PIN"));
  EXPECT_EQ(configured("HttpClient", of_submission("password=\\u00\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("line 9: \\u wants the four hexadecimal digits"));
}

TEST_F(HttpClient, SetsAnOlderAnswerAsideWhenNoneComes) {
  for (const auto& [more, why] : {std::pair{"", "HTTP 500"}, std::pair{"port=no\n", "port"},
                                  std::pair{"password=wrong\n", "PIN"}}) {
    test::write_text(database / "answer", "of yesterday");
    reply = http::Reply{500, "text/plain", {}};
    EXPECT_EQ(configured("HttpClient", of_submission(more)), kFailed);
    EXPECT_THAT(err.str(), HasSubstr(why));
    EXPECT_THAT(err.str(), HasSubstr("answer held an older answer; that is now in"));
    EXPECT_FALSE(std::filesystem::exists(database / "answer"));
    EXPECT_EQ(text_of("answer.old"), "of yesterday");
  }
  EXPECT_EQ(configured("HttpClient", of_submission("")), kFailed);
  EXPECT_THAT(err.str(), Not(HasSubstr("older")));
}

TEST_F(HttpClient, LeavesAFileThatIsNoAnswer) {
  reply = http::Reply{500, "text/plain", {}};
  const auto before = text_of("alice");
  EXPECT_EQ(configured("HttpClient", of_submission("output=" + (database / "alice") + "\n")),
            kFailed);
  EXPECT_EQ(text_of("alice"), before);

  test::write_text(database / "target", "behind a link");
  std::filesystem::create_symlink(database / "target", database / "link");
  EXPECT_EQ(configured("HttpClient", of_submission("output=" + (database / "link") + "\n")),
            kFailed);
  EXPECT_EQ(text_of("link"), "behind a link");
}

TEST_F(HttpClient, PutsANewAnswerInThePlaceOfAnOlderOne) {
  test::write_text(database / "answer", "of yesterday");
  EXPECT_EQ(configured("HttpClient", of_submission("")), kDone) << err.str();
  EXPECT_EQ(text_of("answer"), std::string("\x30\x00", 2));
  EXPECT_FALSE(std::filesystem::exists(database / "answer.old"));
}

}  // namespace
}  // namespace signet::dogtag
