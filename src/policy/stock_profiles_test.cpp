// What is told of profiles that come from a Dogtag: its other classes, and what has no effect here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/profile.h"
#include "support/policy_scene.h"

namespace signet::policy {
namespace {

using test::faults_in_constraint;
using test::faults_in_default;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kStock =
    "name=Stock\ndesc=From Dogtag\nenable=true\nauth.instance_id=CMCAuth\n"
    "policyset.list=s\npolicyset.s.list=1,2,3,4,5\n"
    "policyset.s.1.default.class_id=userSubjectNameDefaultImpl\n"
    "policyset.s.1.constraint.class_id=noConstraintImpl\n"
    "policyset.s.2.default.class_id=validityDefaultImpl\n"
    "policyset.s.2.default.params.range=10\n"
    "policyset.s.2.constraint.class_id=noConstraintImpl\n"
    "policyset.s.3.default.class_id=userKeyDefaultImpl\n"
    "policyset.s.3.constraint.class_id=noConstraintImpl\n"
    "policyset.s.4.default.class_id=authorityKeyIdentifierExtDefaultImpl\n"
    "policyset.s.4.constraint.class_id=noConstraintImpl\n";

Profile::Parsed parse(const std::string& lines) {
  return Profile::parse("caStock.cfg", std::string(kStock) + lines);
}

Profile::Parsed with_fifth(const std::string& class_of_default,
                           const std::string& class_of_constraint) {
  return parse("policyset.s.5.default.class_id=" + class_of_default +
               "\npolicyset.s.5.constraint.class_id=" + class_of_constraint + "\n");
}

std::vector<std::string> texts_of(const Profile::Parsed& parsed) {
  std::vector<std::string> texts;
  for (const auto& fault : parsed.faults) texts.push_back(to_text(fault));
  return texts;
}

TEST(StockProfile, ClassesThatAreNotOfferedAreRefusedByTheirOwnName) {
  for (const std::string name :
       {"subjectDirAttributesExtDefaultImpl", "issuerAltNameExtDefaultImpl",
        "nameConstraintsExtDefaultImpl", "policyConstraintsExtDefaultImpl",
        "policyMappingsExtDefaultImpl", "nsCertTypeExtDefaultImpl", "nscCommentExtDefaultImpl",
        "freshestCRLExtDefaultImpl", "subjectInfoAccessExtDefaultImpl",
        "inhibitAnyPolicyExtDefaultImpl", "privateKeyUsagePeriodExtDefaultImpl",
        "nsTokenUserKeySubjectNameDefaultImpl", "nsTokenDeviceKeySubjectNameDefaultImpl"}) {
    const auto parsed = with_fifth(name, "noConstraintImpl");
    EXPECT_EQ(parsed.profile, nullptr);
    EXPECT_THAT(texts_of(parsed), ElementsAre(AllOf(HasSubstr("'" + name + "' is not offered"),
                                                    Not(HasSubstr("do you mean")))));
  }
  EXPECT_THAT(texts_of(with_fifth("noDefaultImpl", "nsCertTypeExtConstraintImpl")),
              ElementsAre(HasSubstr("'nsCertTypeExtConstraintImpl' is not offered")));
  EXPECT_THAT(texts_of(with_fifth("nameConstraintExtDefaultImpl", "noConstraintImpl")),
              ElementsAre(HasSubstr("unknown class_id")))
      << "a misspelt one is not known to be one of these";
}

TEST(StockProfile, TellsThatNothingFillsWhatTheRequestorSays) {
  const auto parsed = parse(
      "policyset.s.list=1,2,3,4\ninput.list=i1,i2\ninput.i1.class_id=cmcCertReqInputImpl\n"
      "input.i2.class_id=submitterInfoInputImpl\n");
  ASSERT_NE(parsed.profile, nullptr);
  EXPECT_THAT(texts_of(parsed), Contains(AllOf(HasSubstr("warning: submitterInfoInputImpl"),
                                               HasSubstr("requestor_email"))));
  EXPECT_THAT(texts_of(parse("policyset.s.list=1,2,3,4\ninput.list=i1\n"
                             "input.i1.class_id=cmcCertReqInputImpl\n")),
              Not(Contains(HasSubstr("requestor_email"))));
}

TEST(StockProfile, TellsThatAnEmptyGracePeriodIsThirtyDays) {
  const auto faults = [](const std::string& before) {
    return faults_in_constraint("renewGracePeriodConstraintImpl", before + "renewal.graceAfter=30");
  };
  EXPECT_THAT(faults("renewal.graceBefore=\n"),
              ElementsAre(HasSubstr("warning: renewal.graceBefore: holds no number; 30 days")));
  EXPECT_THAT(faults("renewal.graceBefore=-\n"), ElementsAre(HasSubstr("holds no number")));
  EXPECT_THAT(faults(""), ElementsAre(HasSubstr("renewal.graceBefore: is missing; 30 days")));
  EXPECT_THAT(faults("renewal.graceBefore=0\n"), IsEmpty());
}

TEST(StockProfile, TellsThatNoRequestHasWhatAValidityIsTakenFrom) {
  EXPECT_THAT(
      faults_in_default("validityDefaultImpl", "range=$request.foo$\nstartTime=$request.bar$"),
      ElementsAre(HasSubstr("warning: range: no request has 'foo'"),
                  HasSubstr("warning: startTime: no request has 'bar'")));
  EXPECT_THAT(faults_in_default("validityDefaultImpl", "range=$request.bodyPartId$"), IsEmpty());
}

TEST(StockProfile, TellsOnceOfAllAlgorithmsThatAreNotOffered) {
  EXPECT_THAT(
      faults_in_constraint("signingAlgConstraintImpl",
                           "signingAlgsAllowed=SHA256withRSA,ML-DSA-44,ML-DSA-65,MD5withRSA"),
      ElementsAre(AllOf(HasSubstr("warning: signingAlgsAllowed: "),
                        HasSubstr("'ML-DSA-44', 'ML-DSA-65' and 'MD5withRSA'"))));
}

TEST(StockProfile, KnowsWhoLeavesThePlaceOfOcspToTheAuthority) {
  const auto ids = [](const std::string& lines) {
    ProfileSet profiles;
    auto parsed = parse(
        "policyset.s.5.constraint.class_id=noConstraintImpl\n"
        "policyset.s.5.default.class_id=authInfoAccessExtDefaultImpl\n"
        "policyset.s.5.default.params.authInfoAccessNumADs=1\n"
        "policyset.s.5.default.params.authInfoAccessADEnable_0=true\n"
        "policyset.s.5.default.params.authInfoAccessADMethod_0=1.3.6.1.5.5.7.48.1\n"
        "policyset.s.5.default.params.authInfoAccessADLocationType_0=URIName\n" +
        lines);
    profiles.add(parsed.profile);
    return profiles.ids_that_want_ocsp_uri();
  };
  constexpr const char* kPlace = "policyset.s.5.default.params.authInfoAccessADLocation_0=";
  EXPECT_THAT(ids(std::string(kPlace) + "\n"), ElementsAre("caStock"));
  EXPECT_THAT(ids(std::string(kPlace) + "http://ocsp.test/\n"), IsEmpty());
  EXPECT_THAT(ids(std::string(kPlace) + "\nenable=false\n"), IsEmpty());
}

}  // namespace
}  // namespace signet::policy
