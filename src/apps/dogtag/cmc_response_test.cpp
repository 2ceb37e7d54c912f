// CMCResponse: whose answer it is.
#include "apps/dogtag/cmc_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// An answer of the authority "signer" that says success.
class CmcResponse : public Tools {
 protected:
  CmcResponse() {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = cmc::CMCStatus::success;
    status.body_list = {cmc::BodyPartID{1}};
    write_answer({status_control(status)});
  }
  int show(const Arguments& more) {
    Arguments arguments{"-i", database / "answer", "-o", database / "p7"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call("CMCResponse", arguments);
  }
  [[nodiscard]] bool is_written() const { return std::filesystem::exists(database / "p7"); }
};

TEST_F(CmcResponse, WritesAnAnswerOfATrustedSigner) {
  EXPECT_EQ(show({"-d", database.path(), "-p", "secret"}), kDone) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("Signer: trusted by the database\n"));
  EXPECT_TRUE(is_written());
}

TEST_F(CmcResponse, ShowsATerminalNothingOfTheSignersNameButText) {
  add_certificate(*database.open(), "ali\u202Ece\u009B2J");
  write_answer({}, "ali\u202Ece\u009B2J");
  EXPECT_EQ(show({}), kDone) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("Signature: verified, by CN=ali\\u{202e}ce?2J\n"));
}

TEST_F(CmcResponse, FailsWhereTheNamedDatabaseDoesNotTrustTheSigner) {
  database.tool("certutil -M -n signer -t ,,");
  EXPECT_EQ(show({"-d", database.path()}), kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("ERROR: the database in " + database.path()),
                               HasSubstr("does not trust the signer"), HasSubstr("certutil -A")));
  EXPECT_THAT(out.str(), HasSubstr("Control #0: CMCStatusInfoV2"));
  EXPECT_FALSE(is_written());
}

TEST_F(CmcResponse, FailsWhereTheNamedDatabaseCannotBeRead) {
  EXPECT_EQ(show({"-d", database.path(), "-p", "wrong"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("refuses the PIN"));
  EXPECT_EQ(show({"-d", database / "nowhere"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("nowhere"));
  EXPECT_EQ(out.str(), "");
  EXPECT_FALSE(is_written());
}

TEST_F(CmcResponse, OnlyWarnsWhereNoDatabaseIsNamed) {
  EXPECT_EQ(show({}), kDone);
  EXPECT_THAT(err.str(), HasSubstr("WARNING: whether the signer is your authority"));
  EXPECT_TRUE(is_written());

  database.tool("certutil -M -n signer -t ,,");
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(database.path());
  EXPECT_EQ(show({}), kDone);
  std::filesystem::current_path(here);
  EXPECT_THAT(err.str(), HasSubstr("WARNING: the database in . does not trust the signer"));
}

}  // namespace
}  // namespace signet::dogtag
