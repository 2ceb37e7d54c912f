#include "apps/operator/profile_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/tool/command_line.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/token_scene.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A good profile; lines added to it come after line 19, and a key given again takes the later
/// value.
constexpr const char* kGood =
    "name=Good\ndesc=For tests\nenable=true\nauth.instance_id=CMCAuth\n"
    "input.list=i1\ninput.i1.class_id=cmcCertReqInputImpl\n"
    "policyset.list=s\npolicyset.s.list=1,2,3,4\n"
    "policyset.s.1.default.class_id=userSubjectNameDefaultImpl\n"
    "policyset.s.1.constraint.class_id=noConstraintImpl\n"
    "policyset.s.2.default.class_id=validityDefaultImpl\n"
    "policyset.s.2.default.params.range=10\n"
    "policyset.s.2.default.params.startTime=0\n"
    "policyset.s.2.constraint.class_id=noConstraintImpl\n"
    "policyset.s.3.default.class_id=userKeyDefaultImpl\n"
    "policyset.s.3.constraint.class_id=keyConstraintImpl\n"
    "policyset.s.3.constraint.params.keyType=RSA\n"
    "policyset.s.4.default.class_id=authorityKeyIdentifierExtDefaultImpl\n"
    "policyset.s.4.constraint.class_id=noConstraintImpl\n";

class ProfileCommand : public ::testing::Test {
 protected:
  std::string profile(const std::string& name, const std::string& more_lines = "") {
    const auto path = folder / (name + ".cfg");
    test::write_text(path, kGood + more_lines);
    return path;
  }
  int signet(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    arguments.insert(arguments.begin(), "signet");
    std::vector<const char*> words;
    for (const auto& argument : arguments) words.push_back(argument.c_str());
    return run_command_line(
        static_cast<int>(words.size()), words.data(), {.out = out, .err = err},
        [](auto& app, auto& context) { add_profile_command(app, context, system_surroundings()); });
  }
  nlohmann::json json() const { return nlohmann::json::parse(out.str()); }

  test::TemporaryFolder folder;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(ProfileCommand, CheckSaysWhatHoldsNoProfileAndPrintsNothingOfIt) {
  const auto told = [&](const std::string& name) {
    EXPECT_EQ(signet({"profile", "check", name}), 1) << name;
    EXPECT_THAT(out.str(), IsEmpty());
    return err.str();
  };
  EXPECT_THAT(told(folder.path().string()), HasSubstr("holds no profile (*.cfg)"));
  test::write_text(folder / "empty.cfg", "");
  EXPECT_THAT(told(folder / "empty.cfg"), HasSubstr("is no profile: it is empty"));
  test::write_text(folder / "ca.key",
                   "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
  EXPECT_THAT(told(folder / "ca.key"), AllOf(HasSubstr("is no profile: it holds PRIVATE KEY (PEM)"),
                                             Not(HasSubstr("MIIB"))));
  test::write_text(folder / "binary", std::string("a=b\0", 4));
  EXPECT_THAT(told(folder / "binary"), HasSubstr("is no profile: it is no text"));
}

TEST_F(ProfileCommand, CheckSaysThatEveryLineIsSupported) {
  const auto path = profile("caGood");
  EXPECT_EQ(signet({"profile", "check", path}), 0) << err.str();
  EXPECT_EQ(out.str(), path + ": supported, every line of it\n");
}

TEST_F(ProfileCommand, CheckNamesFileLineAndNearestClass) {
  const auto path = profile("caBad", "policyset.s.2.default.class_id=validityDefalutImpl\n");
  EXPECT_EQ(signet({"profile", "check", path}), 1);
  EXPECT_THAT(out.str(), AllOf(HasSubstr(path + ":20: error: unknown class_id"),
                               HasSubstr("do you mean 'validityDefaultImpl'?"),
                               HasSubstr(": cannot be used: ")));
}

TEST_F(ProfileCommand, CheckNamesTheNearestParameterAndStaysGood) {
  const auto path = profile("caDoubtful", "policyset.s.2.default.params.rnage=3\n");
  EXPECT_EQ(signet({"profile", "check", path}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr(":20: warning: "), HasSubstr("do you mean 'range'?")));
}

TEST_F(ProfileCommand, CheckOfSeveralFailsForTheOneThatIsRefused) {
  const auto good = profile("caGood");
  const auto bad = profile("caBad", "auth.instance_id=CMCUserSingedAuth\n");
  EXPECT_EQ(signet({"profile", "check", good, bad, "--json"}), 1);
  EXPECT_EQ(json()["ok"], false);
  EXPECT_EQ(json()["files"][0]["supported"], true);
  EXPECT_EQ(json()["files"][1]["supported"], false);
  EXPECT_EQ(json()["files"][1]["faults"][1]["line"], 20);
  EXPECT_THAT(json()["files"][1]["faults"][1]["reason"], HasSubstr("CMCUserSignedAuth"));
}

TEST_F(ProfileCommand, CheckOfAFolderReadsItsProfiles) {
  profile("caOne");
  profile("caTwo");
  EXPECT_EQ(signet({"profile", "check", folder.path()}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("caOne.cfg"), HasSubstr("caTwo.cfg")));
}

TEST_F(ProfileCommand, CheckOfAFolderPassesOverWhatEditorsKeepThere) {
  profile("caOne");
  std::filesystem::create_symlink("editor@host.4711", folder / ".#caOne.cfg");
  test::write_text(folder / ".caTwo.cfg", "half of it");
  EXPECT_EQ(signet({"profile", "check", folder.path()}), 0) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("caOne.cfg"), Not(HasSubstr(".caTwo.cfg"))));
}

TEST_F(ProfileCommand, CheckTellsOfAFileThatIsNotThere) {
  EXPECT_EQ(signet({"profile", "check", folder / "none.cfg"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("none.cfg"));
}

TEST_F(ProfileCommand, ExplainTellsWhoMayAskAndWhatTheCertificateHolds) {
  EXPECT_EQ(signet({"profile", "explain", profile("caGood")}), 0) << err.str();
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("an agent, for others too"), HasSubstr("as the request asks for it"),
                    HasSubstr("10 days from the moment of issue"),
                    HasSubstr("demanded: RSA of any size from 2048 bits"),
                    HasSubstr("authorityKeyIdentifier (not critical): the subjectKeyIdentifier")));
}

TEST_F(ProfileCommand, ExplainTellsThatAnAgentMustApprove) {
  signet({"profile", "explain", profile("caFree")});
  EXPECT_THAT(out.str(), HasSubstr("none: granted at once"));
  signet({"profile", "explain", profile("caAsks", "auth.explicitApprovalRequired=true\n")});
  EXPECT_THAT(out.str(), HasSubstr("waits for an agent"));
}

TEST_F(ProfileCommand, ExplainTellsJson) {
  const auto path = profile("caGood");
  EXPECT_EQ(signet({"profile", "explain", path, "--json"}), 0);
  const auto told = json();
  EXPECT_EQ(told["profile"], "caGood");
  EXPECT_EQ(told["authenticator"], "CMCAuth");
  EXPECT_EQ(told["approval"], false);
  const auto& statements = told["sets"][0]["statements"];
  EXPECT_EQ(statements[3]["extension"], "authorityKeyIdentifier");
  EXPECT_EQ(statements[3]["critical"], false);
  EXPECT_EQ(statements[4]["kind"], "demanded");
}

TEST_F(ProfileCommand, ExplainFindsAProfileByNameAndTellsTheNearest) {
  profile("caGood");
  EXPECT_EQ(signet({"profile", "explain", "caGood", "--profiles", folder.path()}), 0);
  EXPECT_EQ(signet({"profile", "explain", "caGod", "--profiles", folder.path()}), 1);
  EXPECT_THAT(err.str(), HasSubstr("do you mean 'caGood'?"));
}

TEST_F(ProfileCommand, ExplainOfAProfileThatCannotBeUsedTellsWhy) {
  const auto path = profile("caBad", "policyset.s.1.default.class_id=magicDefaultImpl\n");
  EXPECT_EQ(signet({"profile", "explain", path}), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr(":20: error:"), HasSubstr("signet profile check")));
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_F(ProfileCommand, ExplainsEveryShippedProfile) {
  const std::filesystem::path shipped = test::source_folder() + "/profiles";
  for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
    if (entry.path().extension() != ".cfg") continue;
    EXPECT_EQ(signet({"profile", "explain", entry.path().string()}), 0) << err.str();
    EXPECT_THAT(out.str(), AllOf(HasSubstr("Who may ask"), HasSubstr("keyUsage (critical): ")));
    EXPECT_EQ(signet({"profile", "check", entry.path().string()}), 0) << out.str();
  }
}

TEST_F(ProfileCommand, ListNamesProfilesWithTheirAuthenticators) {
  profile("caGood");
  profile("caOff", "enable=false\n");
  profile("caBad", "policyset.list=\n");
  EXPECT_EQ(signet({"profile", "list", "--profiles", folder.path()}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("caGood\n    CMCAuth  Good"),
                               HasSubstr("caOff (not enabled)"), HasSubstr("cannot be used")));
  EXPECT_EQ(signet({"profile", "list", "--profiles", folder.path(), "--json"}), 0);
  EXPECT_EQ(json()["profiles"].size(), 3U);
  EXPECT_EQ(json()["profiles"][0]["supported"], false);
}

}  // namespace
}  // namespace signet::tool
