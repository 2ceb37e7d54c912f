// CMCRevoke: options glued to their letters.
#include "apps/dogtag/cmc_revoke.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using testing::HasSubstr;

/// Called in a folder of its own, where CMCRevoke.out goes.
class CmcRevoke : public Tools {
 protected:
  CmcRevoke() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(database.path());
  }
  ~CmcRevoke() override { std::filesystem::current_path(before_); }

  int revoke(const Arguments& more, const std::string& issuer = "CN=signer") {
    Arguments arguments{"-d" + database.path(), "-nsigner", "-i" + issuer};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call("CMCRevoke", arguments);
  }

 private:
  std::filesystem::path before_;
};

TEST_F(CmcRevoke, TakesAnEmptyPasswordBeforeAnotherOption) {
  EXPECT_EQ(revoke({"-s1", "-m0", "-p", "-cbye"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("is protected by a password: give it with -p"));
  EXPECT_EQ(revoke({"-s1", "-m0", "-p", "secret", "-c", "bye"}), kDone) << err.str();
  EXPECT_EQ(revoke({"-s1", "-m0", "-psecret", "-c", "-bye"}), kDone) << "-b is no option";
}

TEST_F(CmcRevoke, SaysWhichValueIsMissing) {
  EXPECT_EQ(revoke({"-s", "-m0", "-psecret"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("Missing -s: no value stands behind it"));
  EXPECT_EQ(revoke({"-s1", "-psecret", "-m"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("Missing -m: no value stands behind it"));
  EXPECT_EQ(revoke({"-s1", "-m0"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("Missing -p\n"));
}

TEST_F(CmcRevoke, ComparesTheIssuerWithTheSigners) {
  EXPECT_EQ(revoke({"-s1", "-m0", "-psecret"}, "cn=SIGNER"), kDone);
  EXPECT_EQ(err.str(), "");
  EXPECT_EQ(revoke({"-s1", "-m0", "-psecret"}, "CN=other"), kDone);
  EXPECT_THAT(err.str(), HasSubstr("-iCN=other is not the issuer of the certificate that signs, "
                                   "CN=signer"));
}

}  // namespace
}  // namespace signet::dogtag
