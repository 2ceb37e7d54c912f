#include "policy/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/shared_data.h"

namespace signet::policy {
namespace {

constexpr std::string_view kSmall =
    "name=Small\ndesc=For tests\nenable=true\nauth.instance_id=CMCAuth\n"
    "policyset.list=s\npolicyset.s.list=1,2,3,4\n"
    "policyset.s.1.default.class_id=userSubjectNameDefaultImpl\n"
    "policyset.s.1.constraint.class_id=noConstraintImpl\n"
    "policyset.s.2.default.class_id=validityDefaultImpl\n"
    "policyset.s.2.default.params.range=10\n"
    "policyset.s.2.constraint.class_id=noConstraintImpl\n"
    "policyset.s.3.default.class_id=userKeyDefaultImpl\n"
    "policyset.s.3.constraint.class_id=noConstraintImpl\n"
    "policyset.s.4.default.class_id=authorityKeyIdentifierExtDefaultImpl\n"
    "policyset.s.4.constraint.class_id=noConstraintImpl\n";

/// kSmall with lines added; a key given again takes the later value.
Profile::Parsed small_with(const std::string& lines) {
  return Profile::parse("dir/caSmall.cfg", std::string{kSmall} + lines);
}

/// The faults but the warnings that a key stands twice, as text.
std::vector<std::string> faults_of(const Profile::Parsed& parsed) {
  std::vector<std::string> texts;
  for (const auto& fault : parsed.faults) {
    if (fault.reason.find("stands here again") == std::string::npos) {
      texts.push_back(to_text(fault));
    }
  }
  return texts;
}

bool has(const std::vector<std::string>& texts, std::string_view start, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return text.starts_with(start) && text.find(part) != std::string::npos;
  });
}

TEST(ParseProfile, ReadsTextsAuthenticatorAndSets) {
  const auto parsed = small_with("");
  ASSERT_NE(parsed.profile, nullptr);
  EXPECT_TRUE(parsed.faults.empty());
  const auto& profile = *parsed.profile;
  EXPECT_EQ(profile.id(), "caSmall");
  EXPECT_EQ(profile.name(), "Small");
  EXPECT_EQ(profile.description(), "For tests");
  EXPECT_TRUE(profile.enabled());
  EXPECT_EQ(profile.authenticator(), Authenticator::agent_signed);
  ASSERT_EQ(profile.sets().size(), 1U);
  EXPECT_EQ(profile.sets()[0].id, "s");
  EXPECT_EQ(profile.sets()[0].policies.size(), 4U);
}

TEST(ParseProfile, IsNotEnabledUnlessItSaysSo) {
  EXPECT_FALSE(small_with("enable=false").profile->enabled());
  EXPECT_FALSE(small_with("enable=").profile->enabled());
  EXPECT_TRUE(small_with("enable=TRUE").profile->enabled());
  EXPECT_EQ(small_with("enable=on").profile, nullptr);
}

TEST(ParseProfile, KnowsDogtagsAuthenticators) {
  const auto with = [](const std::string& name) {
    return small_with("auth.instance_id=" + name).profile->authenticator();
  };
  EXPECT_EQ(with("CMCAuth"), Authenticator::agent_signed);
  EXPECT_EQ(with("CMCUserSignedAuth"), Authenticator::user_signed);
  EXPECT_EQ(with("AgentCertAuth"), Authenticator::agent_tls);
  EXPECT_EQ(with("CMCAuthForEST"), Authenticator::agent_signed);
}

constexpr const char* kUserSigned = "auth.instance_id=CMCUserSignedAuth\n";
/// What judges renewals, after kSmall's four policies.
constexpr const char* kJudgedRenewal =
    "policyset.s.list=1,2,3,4,5,6\n"
    "policyset.s.5.default.class_id=noDefaultImpl\n"
    "policyset.s.5.constraint.class_id=uniqueKeyConstraintImpl\n"
    "policyset.s.5.constraint.params.allowSameKeyRenewal=true\n"
    "policyset.s.6.default.class_id=noDefaultImpl\n"
    "policyset.s.6.constraint.class_id=renewGracePeriodConstraintImpl\n"
    "policyset.s.6.constraint.params.renewal.graceBefore=30\n"
    "policyset.s.6.constraint.params.renewal.graceAfter=30\n";

TEST(ParseProfile, ReadsWhoMayChangeNames) {
  const auto with = [](const std::string& lines) {
    return small_with(kUserSigned + lines).profile->name_change();
  };
  EXPECT_EQ(with(""), NameChange::refused);
  EXPECT_EQ(with("auth.changeSubjectNameAllowed=true"), NameChange::by_agent);
  EXPECT_EQ(with("auth.changeSubjectNameAllowed=true\n"
                 "auth.changeSubjectNameApprovalRequired=false"),
            NameChange::free);
  EXPECT_EQ(with("auth.changeSubjectNameAllowed=false\n"
                 "auth.changeSubjectNameApprovalRequired=false"),
            NameChange::refused);
  EXPECT_EQ(small_with(std::string(kUserSigned) + "auth.changeSubjectNameAllowed=maybe").profile,
            nullptr);
  EXPECT_EQ(small_with("auth.changeSubjectNameAllowed=true").profile, nullptr)
      << "an agent asks as it likes";
}

TEST(ParseProfile, RenewsExpiredOnesOnlyWhereItSaysUntilWhen) {
  const auto with = [](const std::string& lines) {
    return small_with(std::string(kUserSigned) + kJudgedRenewal +
                      "auth.expiredSignerAllowed=true\n" + lines);
  };
  const auto good = with("");
  ASSERT_NE(good.profile, nullptr);
  EXPECT_TRUE(good.profile->renews_expired());
  EXPECT_FALSE(small_with(std::string(kUserSigned) + kJudgedRenewal).profile->renews_expired());
  for (const auto* wrong :
       {"policyset.s.6.constraint.params.renewal.graceAfter=0",
        "policyset.s.6.constraint.params.renewal.graceAfter=-1",
        "policyset.s.5.constraint.params.allowSameKeyRenewal=false", "policyset.s.list=1,2,3,4,5",
        "policyset.s.list=1,2,3,4,6", "policyset.s.list=1,2,3,4,6,5", "auth.instance_id=CMCAuth"}) {
    const auto parsed = with(wrong);
    EXPECT_EQ(parsed.profile, nullptr) << wrong;
    EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:", "auth.expiredSignerAllowed")) << wrong;
  }
}

TEST(ParseProfile, TreatsAnEmptyAuthenticatorAsAgentOverTlsAndWarns) {
  const auto parsed = small_with("auth.instance_id=");
  ASSERT_NE(parsed.profile, nullptr);
  EXPECT_EQ(parsed.profile->authenticator(), Authenticator::agent_tls);
  EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:16: warning: ", "AgentCertAuth"));
}

TEST(ParseProfile, RefusesAnUnknownAuthenticator) {
  const auto parsed = small_with("auth.instance_id=raCertAuth");
  EXPECT_EQ(parsed.profile, nullptr);
  EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:16: error: ", "raCertAuth"));
}

TEST(ParseProfile, RefusesAnUnknownClassWithItsLine) {
  const auto parsed = small_with("policyset.s.1.default.class_id=magicDefaultImpl");
  EXPECT_EQ(parsed.profile, nullptr);
  EXPECT_TRUE(
      has(faults_of(parsed), "dir/caSmall.cfg:16: error: unknown class_id", "magicDefaultImpl"));
}

TEST(ParseProfile, SaysOfDogtagsOtherClassesThatTheyAreNotOffered) {
  for (const auto* class_id :
       {"raClientAuthSubjectNameConstraintImpl", "raHeaderClientCertSubjectNameConstraintImpl",
        "authzRealmConstraintImpl", "externalProcessConstraintImpl",
        "p12ExportPasswordConstraintImpl"}) {
    const auto parsed = small_with(std::string{"policyset.s.1.constraint.class_id="} + class_id);
    EXPECT_EQ(parsed.profile, nullptr);
    EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:16: error: ", "is not offered here"));
  }
}

TEST(ParseProfile, NamesTheRightNameThatIsSpeltMostAlike) {
  const auto faults_with = [](const std::string& line) { return faults_of(small_with(line)); };
  const auto means = [](const std::vector<std::string>& faults, const std::string& word) {
    return has(faults, "dir/caSmall.cfg:16: ", "do you mean '" + word + "'?");
  };
  EXPECT_TRUE(means(faults_with("policyset.s.2.default.class_id=validtyDefaultImpl"),
                    "validityDefaultImpl"));
  EXPECT_TRUE(means(faults_with("policyset.s.2.constraint.class_id=validityConstraint"),
                    "validityConstraintImpl"));
  EXPECT_TRUE(means(faults_with("auth.instance_id=CmcUserSignedAut"), "CMCUserSignedAuth"));
  EXPECT_TRUE(
      means(faults_with("auth.explictApprovalRequired=true"), "auth.explicitApprovalRequired"));
  EXPECT_TRUE(means(faults_with("policyset.s.2.default.params.rangeUnits=day"), "rangeUnit"));
  EXPECT_TRUE(means(faults_with("policyset.s.2.defaut_.class_id=x"), "default.class_id"));
}

TEST(ParseProfile, ReadsDogtagsInputsAndOutputsAndWarnsOfFormsAndUpdaters) {
  const std::string inputs =
      "input.list=i1\ninput.i1.class_id=cmcCertReqInputImpl\n"
      "output.list=o1\noutput.o1.class_id=certOutputImpl\n";
  EXPECT_TRUE(small_with(inputs).faults.empty());
  EXPECT_TRUE(has(faults_of(small_with("input.list=i\ninput.i.class_id=submitterInfoInputImpl\n")),
                  "dir/caSmall.cfg:17: warning: ", "requestor_email"));
  EXPECT_TRUE(has(faults_of(small_with("input.list=i\ninput.i.class_id=subjectNameInputImpl\n")),
                  "dir/caSmall.cfg:17: warning: ", "web form"));
  EXPECT_TRUE(
      has(faults_of(small_with("updater.list=u\nupdater.u.class_id=subsystemGroupUpdaterImpl\n")),
          "dir/caSmall.cfg:17: warning: ", "has no effect"));
}

TEST(ParseProfile, RefusesInputsAndOutputsOfUnknownOrNoClass) {
  const auto unknown = small_with("input.list=i1\ninput.i1.class_id=cmcCertReqInpuImpl\n");
  EXPECT_EQ(unknown.profile, nullptr);
  EXPECT_TRUE(has(faults_of(unknown), "dir/caSmall.cfg:17: error: ", "'cmcCertReqInputImpl'?"));
  const auto none = small_with("output.list=o1\n");
  EXPECT_EQ(none.profile, nullptr);
  EXPECT_TRUE(has(faults_of(none), "dir/caSmall.cfg:16: error: ", "output.o1.class_id"));
}

TEST(ParseProfile, WarnsOfUnknownKeysAndParameters) {
  const auto parsed =
      small_with("colour=blue\npolicyset.s.2.default.params.rnage=3\npolicyset.s.2.other=1\n");
  ASSERT_NE(parsed.profile, nullptr);
  const auto texts = faults_of(parsed);
  EXPECT_EQ(texts.size(), 3U);
  EXPECT_TRUE(has(texts, "dir/caSmall.cfg:16: warning: ", "'colour'"));
  EXPECT_TRUE(has(texts, "dir/caSmall.cfg:17: warning: ", "params.rnage"));
  EXPECT_TRUE(has(texts, "dir/caSmall.cfg:18: warning: ", "policyset.s.2.other"));
}

TEST(ParseProfile, PassesOverTheKeysThatHaveNoEffectHere) {
  const auto parsed = small_with(
      "visible=false\nenableBy=admin\nauthz.acl=group=\"x\"\nlastModified=1\nprofileId=x\n"
      "classId=caEnrollImpl\nxmlOutput=false\ninput.list=i1\n"
      "input.i1.class_id=cmcCertReqInputImpl\noutput.list=o1\noutput.o1.class_id=certOutputImpl\n"
      "policyset.s.1.default.name=x\npolicyset.s.1.default.params.name=\n");
  EXPECT_TRUE(faults_of(parsed).empty());
}

TEST(ParseProfile, RefusesMissingLists) {
  EXPECT_TRUE(has(faults_of(small_with("policyset.list=")),
                  "dir/caSmall.cfg:16: error: ", "policyset.list is missing or empty"));
  EXPECT_TRUE(has(faults_of(small_with("policyset.list=t")),
                  "dir/caSmall.cfg:16: error: ", "policyset.t.list is missing or empty"));
  EXPECT_EQ(Profile::parse("empty.cfg", "").profile, nullptr);
}

TEST(ParseProfile, RefusesAListedPolicyThatTheFileDoesNotDefine) {
  const auto parsed = small_with("policyset.s.list=1,2,3,4,5");
  EXPECT_EQ(parsed.profile, nullptr);
  EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:16: error: ", "'5'"));
}

TEST(ParseProfile, DoesNotTrimTheItemsOfAList) {
  const auto parsed = small_with("policyset.s.list=1,2,3, 4");
  EXPECT_EQ(parsed.profile, nullptr);
  EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:16: error: ", "without blanks"));
}

TEST(ParseProfile, WarnsOfADefinedPolicyThatIsNotListed) {
  const auto parsed = small_with(
      "policyset.s.9.default.class_id=noDefaultImpl\n"
      "policyset.s.9.constraint.class_id=noConstraintImpl\n");
  ASSERT_NE(parsed.profile, nullptr);
  EXPECT_EQ(faults_of(parsed).size(), 1U);
  EXPECT_TRUE(has(faults_of(parsed), "dir/caSmall.cfg:17: warning: ", "'9'"));
}

TEST(ParseProfile, RefusesABadParameterWithItsLine) {
  const auto parsed = small_with("policyset.s.2.default.params.range=ten");
  EXPECT_EQ(parsed.profile, nullptr);
  EXPECT_TRUE(has(faults_of(parsed),
                  "dir/caSmall.cfg:16: error: ", "policyset.s.2.default.params.range: 'ten'"));
}

TEST(ParseProfile, RefusesASetThatCannotMakeACertificate) {
  EXPECT_TRUE(has(faults_of(small_with("policyset.s.list=1,3,4")),
                  "dir/caSmall.cfg:7: error: ", "no default gives the validity"));
  EXPECT_TRUE(has(faults_of(small_with("policyset.s.list=1,2,4")),
                  "dir/caSmall.cfg:7: error: ", "no default gives the key"));
  EXPECT_TRUE(has(faults_of(small_with("policyset.s.list=1,2,3")),
                  "dir/caSmall.cfg:7: error: ", "authorityKeyIdentifier"));
  const auto no_subject = small_with("policyset.s.list=2,3,4");
  EXPECT_NE(no_subject.profile, nullptr);
  EXPECT_TRUE(has(faults_of(no_subject), "dir/caSmall.cfg:9: warning: ", "the subject"));
}

constexpr auto* kRenewal =
    "policyset.s.9.default.class_id=noDefaultImpl\n"
    "policyset.s.9.constraint.class_id=uniqueKeyConstraintImpl\n"
    "policyset.s.9.constraint.params.allowSameKeyRenewal=true\n"
    "policyset.s.10.default.class_id=noDefaultImpl\n"
    "policyset.s.10.constraint.class_id=renewGracePeriodConstraintImpl\n"
    "policyset.s.10.constraint.params.renewal.graceBefore=30\n"
    "policyset.s.10.constraint.params.renewal.graceAfter=30\n"
    "policyset.s.list=";

TEST(ParseProfile, WarnsOfRenewalConstraintsInTheWrongOrder) {
  const auto with = [](const std::string& list) { return faults_of(small_with(kRenewal + list)); };
  EXPECT_TRUE(with("1,9,10,2,3,4").empty());
  EXPECT_TRUE(has(with("1,10,9,2,3,4"), "dir/caSmall.cfg:19: warning: ", "has no effect before"));
  EXPECT_TRUE(has(with("1,10,2,3,4"), "dir/caSmall.cfg:19: warning: ", "has no effect before"));
  EXPECT_TRUE(has(with("9,1,10,2,3,4"), "dir/caSmall.cfg:16: warning: ", "before the subject"));
}

TEST(ParseProfile, WarnsWhenAUserNamesItselfFreely) {
  for (const auto* advised :
       {"cmcUserSignedSubjectNameDefaultImpl", "authTokenSubjectNameDefaultImpl"}) {
    EXPECT_TRUE(has(faults_of(small_with("auth.instance_id=CMCUserSignedAuth")),
                    "dir/caSmall.cfg:7: warning: ", advised));
  }
}

TEST(ParseProfile, KeepsTheOrderOfTheList) {
  const auto parsed = small_with("policyset.s.list=4,2,1,3");
  ASSERT_NE(parsed.profile, nullptr);
  const auto& policies = parsed.profile->sets()[0].policies;
  EXPECT_EQ(policies.size(), 4U);
}

TEST(ParseProfile, ReadsSeveralSets) {
  std::string second{kSmall.substr(kSmall.find("policyset.s.list"))};
  for (auto at = second.find("policyset.s."); at != std::string::npos;
       at = second.find("policyset.s.", at)) {
    second.replace(at, 12, "policyset.t.");
  }
  const auto parsed = small_with(second + "policyset.list=s,t\n");
  ASSERT_NE(parsed.profile, nullptr);
  ASSERT_EQ(parsed.profile->sets().size(), 2U);
  EXPECT_EQ(parsed.profile->sets()[1].id, "t");
}

TEST(ProfileSet, FindsEnabledProfilesOnly) {
  ProfileSet set;
  set.add(small_with("").profile);
  set.add(Profile::parse("caOff.cfg", std::string{kSmall} + "enable=false").profile);
  EXPECT_NE(set.find("caSmall"), nullptr);
  EXPECT_EQ(set.find("caOff"), nullptr);
  EXPECT_EQ(set.find("caNone"), nullptr);
  EXPECT_EQ(set.enabled_ids(), std::vector<std::string>{"caSmall"});
}

std::vector<std::filesystem::path> profiles_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cfg") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Profile::Parsed parse_file(const std::filesystem::path& path) {
  const auto octets = test::file(path.string());
  return Profile::parse(path.filename().string(), as_text(octets));
}

TEST(ShippedProfiles, LoadWithoutAWarningAndAreEnabled) {
  const auto files = profiles_in(test::source_folder() + "/profiles");
  EXPECT_EQ(files.size(), 14U);
  for (const auto& path : files) {
    const auto parsed = parse_file(path);
    for (const auto& fault : parsed.faults) ADD_FAILURE() << to_text(fault);
    ASSERT_NE(parsed.profile, nullptr) << path;
    EXPECT_TRUE(parsed.profile->enabled()) << path;
  }
}

TEST(DogtagsProfiles, AllLoad) {
  SIGNET_NEEDS_SHARED("dogtag/profiles");
  const std::filesystem::path shared{test::shared_folder() + "/dogtag/profiles"};
  auto files = profiles_in(shared);
  const auto older = profiles_in(shared / "10.4");
  files.insert(files.end(), older.begin(), older.end());
  EXPECT_GE(files.size(), 20U);
  for (const auto& path : files) {
    const auto parsed = parse_file(path);
    EXPECT_NE(parsed.profile, nullptr) << path;
    for (const auto& fault : parsed.faults) {
      EXPECT_EQ(fault.severity, ProfileFault::Severity::warning) << to_text(fault);
      EXPECT_GT(fault.line, 0) << to_text(fault);
    }
  }
}

TEST(DogtagsProfiles, SayThatMlDsaKeysAreNotOffered) {
  SIGNET_NEEDS_SHARED("dogtag/profiles");
  const auto parsed =
      parse_file(test::shared_folder() + "/dogtag/profiles/caCMCMLDSAserverCert.cfg");
  ASSERT_NE(parsed.profile, nullptr);
  EXPECT_TRUE(has(faults_of(parsed), "caCMCMLDSAserverCert.cfg:", "MLDSA keys are not offered"));
}

}  // namespace
}  // namespace signet::policy
