#include "policy/description.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"

namespace signet::policy {
namespace {

/// What a class with these parameters says of itself: "topic: text", with the extension before it.
std::vector<std::string> texts_of(const Statements& statements) {
  std::vector<std::string> texts;
  for (const auto& [topic, text, extension, critical] : statements) {
    std::string whole{to_text(topic)};
    if (extension) whole += " " + extension->to_text();
    if (critical) whole += *critical ? " critical" : " not critical";
    texts.push_back(whole + ": " + text);
  }
  return texts;
}

template <typename Make>
std::vector<std::string> described(Make make, const std::string& lines) {
  std::vector<ProfileFault> faults;
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    text += "p.params." + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  const auto file = read_config_file("test.cfg", text, faults);
  Parameters parameters{file, "p.", faults};
  return texts_of(make(parameters)->describe());
}
std::vector<std::string> given(std::string_view class_id, const std::string& lines = "") {
  return described(find_default_class(class_id), lines);
}
std::vector<std::string> demanded(std::string_view class_id, const std::string& lines = "") {
  return described(find_constraint_class(class_id), lines);
}

using Texts = std::vector<std::string>;

TEST(DescribePolicy, SaysWhereTheSubjectComesFrom) {
  EXPECT_EQ(given("userSubjectNameDefaultImpl"), Texts{"subject: as the request asks for it"});
  EXPECT_EQ(given("subjectNameDefaultImpl", "name=CN=$request.req_subject_name.cn$,O=E"),
            Texts{"subject: made of 'CN=$request.req_subject_name.cn$,O=E'"});
  EXPECT_EQ(given("subjectNameDefaultImpl", "name=CN=One"), Texts{"subject: always 'CN=One'"});
  EXPECT_EQ(given("subjectNameDefaultImpl"), Texts{});
  EXPECT_EQ(demanded("subjectNameConstraintImpl", "pattern=.*"),
            Texts{"subject: any text of one line"});
  EXPECT_EQ(demanded("subjectNameConstraintImpl", "pattern=CN=.*"),
            Texts{"subject: its text matches 'CN=.*'"});
}

TEST(DescribePolicy, SaysTheValidityWithItsUnit) {
  EXPECT_EQ(given("validityDefaultImpl", "range=180\nstartTime=0"),
            Texts{"validity: 180 days from the moment of issue, cut to the end of the authority's "
                  "own certificate"});
  EXPECT_EQ(
      given("validityDefaultImpl", "range=2\nrangeUnit=year\nstartTime=-300"),
      Texts{"validity: 2 years from 300 seconds before the moment of issue, cut to the end of "
            "the authority's own certificate"});
  EXPECT_EQ(demanded("validityConstraintImpl", "range=365\nnotBeforeCheck=true"),
            Texts{"validity: at most 365 days, begun at most 0 seconds in the future"});
}

TEST(DescribePolicy, NamesOnlyKeysThatCanBeCertifiedHere) {
  EXPECT_EQ(demanded("keyConstraintImpl", "keyType=RSA\nkeyParameters=1024,2048,3072"),
            Texts{"key: RSA of 2048 or 3072 bits"});
  EXPECT_EQ(demanded("keyConstraintImpl", "keyType=EC\nkeyParameters=nistp256,nistp521"),
            Texts{"key: EC nistp256 or EC nistp521"});
  EXPECT_EQ(demanded("keyConstraintImpl", "keyType=-\nkeyParameters=2048,nistp256,X25519"),
            Texts{"key: RSA of 2048 bits; or EC nistp256 or X25519"});
  EXPECT_EQ(demanded("keyConstraintImpl", "keyType=MLDSA\nkeyParameters=44"),
            Texts{"key: MLDSA 44: kinds that no request here can have"});
}

TEST(DescribePolicy, SaysTheValueOfEachExtension) {
  EXPECT_EQ(given("keyUsageExtDefaultImpl",
                  "keyUsageCritical=true\nkeyUsageDigitalSignature=true\nkeyUsageCrlSign=true"),
            Texts{"extension 2.5.29.15 critical: digitalSignature and cRLSign, as far as the kind "
                  "of key can serve for it"});
  EXPECT_EQ(given("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=1.3.6.1.5.5.7.3.2,1.2.3"),
            Texts{"extension 2.5.29.37 not critical: id-kp-clientAuth and 1.2.3"});
  EXPECT_EQ(
      given("basicConstraintsExtDefaultImpl",
            "basicConstraintsCritical=true\nbasicConstraintsIsCA=true\n"
            "basicConstraintsPathLen=1"),
      Texts{"extension 2.5.29.19 critical: an authority, with at most 1 authorities below it"});
  EXPECT_EQ(given("genericExtDefaultImpl", "genericExtOID=1.2.3\ngenericExtData=0500"),
            Texts{"extension 1.2.3 not critical: the octets 0500"});
  EXPECT_EQ(given("subjectKeyIdentifierExtDefaultImpl", "messageDigest=SHA-256"),
            Texts{"extension 2.5.29.14 not critical: the SHA-256 of the key"});
}

TEST(DescribePolicy, SaysWhereStatusAndCrlsAreFound) {
  EXPECT_EQ(given("authInfoAccessExtDefaultImpl",
                  "authInfoAccessNumADs=1\nauthInfoAccessADEnable_0=true\n"
                  "authInfoAccessADMethod_0=1.3.6.1.5.5.7.48.1"),
            Texts{"extension 1.3.6.1.5.5.7.1.1 not critical: id-ad-ocsp at the authority's "
                  "ocsp_uri, where one is set"});
  EXPECT_EQ(given("crlDistributionPointsExtDefaultImpl",
                  "crlDistPointsNum=1\ncrlDistPointsEnable_0=true\n"
                  "crlDistPointsPointType_0=URIName\ncrlDistPointsPointName_0=http://a.example/c"),
            Texts{"extension 2.5.29.31 not critical: URI:http://a.example/c"});
  EXPECT_EQ(given("crlDistributionPointsExtDefaultImpl", "crlDistPointsNum=0"), Texts{});
}

TEST(DescribePolicy, SaysWhatAConstraintLooksAt) {
  EXPECT_EQ(demanded("keyUsageExtConstraintImpl",
                     "keyUsageCritical=-\nkeyUsageDigitalSignature=true\nkeyUsageCrlSign=false"),
            Texts{"extension 2.5.29.15: with digitalSignature; without cRLSign"});
  EXPECT_EQ(demanded("extensionConstraintImpl", "extOID=1.2.3\nextCritical=true"),
            Texts{"extension 1.2.3 critical: is there"});
  EXPECT_EQ(demanded("signingAlgConstraintImpl", "signingAlgsAllowed=SHA256withEC,SHA384withEC"),
            Texts{"signature: by SHA256withEC or SHA384withEC"});
}

TEST(DescribePolicy, SaysTheRulesForRenewal) {
  EXPECT_EQ(demanded("uniqueKeyConstraintImpl"),
            Texts{"renewal: a key that has a certificate is not certified again"});
  EXPECT_EQ(
      demanded("renewGracePeriodConstraintImpl", "renewal.graceBefore=30\nrenewal.graceAfter=0"),
      Texts{"renewal: from 30 days before to any time after the end of the certificate "
            "renewed"});
}

TEST(DescribePolicy, HasNothingToSayOfWhatDoesNothing) {
  EXPECT_EQ(given("noDefaultImpl"), Texts{});
  EXPECT_EQ(demanded("noConstraintImpl"), Texts{});
}

TEST(DescribePolicy, HasWordsForEveryClassThatDoesSomething) {
  for (const auto class_id : constraint_class_ids()) {
    if (class_id == "noConstraintImpl") continue;
    EXPECT_FALSE(demanded(class_id).empty()) << class_id;
  }
}

}  // namespace
}  // namespace signet::policy
