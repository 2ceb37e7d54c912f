#include <gtest/gtest.h>

#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using test::fault_of;
using test::name;
using test::PolicyScene;
using test::unwrap;

TEST(UserSubjectNameDefault, TakesTheSubjectOfTheRequestOctetForOctet) {
  PolicyScene scene;
  scene.subject = name("CN=Carol,O=Test");
  ASSERT_TRUE(scene.apply("userSubjectNameDefaultImpl", "name=").ok());
  EXPECT_EQ(scene.draft.subject.der(), scene.subject.der());
}

TEST(SubjectNameDefault, MakesTheSubjectFromItsPattern) {
  PolicyScene scene;
  ASSERT_TRUE(
      scene.apply("subjectNameDefaultImpl", "name=CN=$request.req_subject_name.cn$,O=Here").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "CN=Alice,O=Here");
}

TEST(SubjectNameDefault, LeavesTheSubjectWhenThePatternIsEmpty) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("subjectNameDefaultImpl", "name=").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "CN=Alice,O=Test");
}

TEST(SubjectNameDefault, RefusesARequestWithoutThePart) {
  PolicyScene scene;
  scene.subject = name("O=Test");
  EXPECT_EQ(fault_of(scene.apply("subjectNameDefaultImpl",
                                 "name=CN=$request.req_subject_name.cn$,O=Here")),
            Fault::name_not_allowed);
}

TEST(SubjectNameDefault, RefusesAProfileWhoseLiteralNameIsNone) {
  const auto faults = test::faults_in_default("subjectNameDefaultImpl", "name=Alice");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("error: name: "), 0U);
}

TEST(CmcUserSignedSubjectNameDefault, TakesTheSignersSubjectOctetForOctet) {
  PolicyScene scene;
  scene.signer = scene.ca.issue({.subject = "CN=Alice,O=Test"}).certificate;
  ASSERT_TRUE(scene.apply("cmcUserSignedSubjectNameDefaultImpl", "name=").ok());
  EXPECT_EQ(scene.draft.subject.der(), (*scene.signer)->subject.der());
  EXPECT_FALSE(scene.draft.subject_replaced);
}

TEST(CmcUserSignedSubjectNameDefault, SaysWhenItReplacedAnotherSubject) {
  PolicyScene scene;
  scene.subject = name("CN=Mallory,O=Test");
  scene.signer = scene.ca.issue({.subject = "CN=Alice,O=Test"}).certificate;
  ASSERT_TRUE(scene.apply("cmcUserSignedSubjectNameDefaultImpl").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "CN=Alice,O=Test");
  EXPECT_TRUE(scene.draft.subject_replaced);
}

TEST(CmcUserSignedSubjectNameDefault, RefusesAMessageThatNoCertificateSigned) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.apply("cmcUserSignedSubjectNameDefaultImpl")), Fault::identity_mismatch);
}

TEST(AuthTokenSubjectNameDefault, RefusesWhereNoSharedSecretProvedTheRequest) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.apply("authTokenSubjectNameDefaultImpl", "name=")),
            Fault::identity_mismatch);
  EXPECT_EQ(fault_of(scene.check("cmcSharedTokenSubjectNameConstraintImpl")),
            Fault::identity_mismatch);
}

TEST(AuthTokenSubjectNameDefault, TakesTheNameThatTheSharedSecretStandsFor) {
  PolicyScene scene;
  scene.secret_owner = name("UID=alice,DC=example");
  ASSERT_TRUE(scene.apply("authTokenSubjectNameDefaultImpl", "name=").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "UID=alice,DC=example");
  EXPECT_TRUE(scene.draft.subject_replaced);
  EXPECT_TRUE(scene.check("cmcSharedTokenSubjectNameConstraintImpl").ok());
}

TEST(CmcSharedTokenSubjectNameConstraint, RefusesAnotherName) {
  PolicyScene scene;
  scene.secret_owner = name("UID=alice,DC=example");
  scene.draft.subject = name("UID=bob,DC=example");
  EXPECT_EQ(fault_of(scene.check("cmcSharedTokenSubjectNameConstraintImpl")),
            Fault::identity_mismatch);
}

TEST(SanToCnDefault, AddsTheFirstDnsNameAsTheMostSpecificAttribute) {
  PolicyScene scene;
  scene.draft.subject = name("O=Test");
  scene.draft.set(
      {pkix::oid::kSubjectAltName, false,
       pkix::write_alternative_name({pkix::Rfc822Name{"a@b.example"}, pkix::DnsName{"host.example"},
                                     pkix::DnsName{"other.example"}})});
  ASSERT_TRUE(scene.apply("sanToCNDefaultImpl").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "CN=host.example,O=Test");
}

TEST(SanToCnDefault, LeavesASubjectThatHasACommonName) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("sanToCNDefaultImpl").ok());
  EXPECT_EQ(to_text(scene.draft.subject), "CN=Alice,O=Test");
}

TEST(SanToCnDefault, RefusesWhenThereIsNoAlternativeName) {
  PolicyScene scene;
  scene.draft.subject = name("O=Test");
  EXPECT_EQ(fault_of(scene.apply("sanToCNDefaultImpl")), Fault::name_not_allowed);
}

TEST(SubjectNameConstraint, MatchesTheWholeSubject) {
  PolicyScene scene;
  EXPECT_TRUE(scene.check("subjectNameConstraintImpl", "pattern=CN=.*\naccept=true").ok());
  EXPECT_TRUE(scene.check("subjectNameConstraintImpl", "pattern=.*O=Test").ok());
  EXPECT_EQ(fault_of(scene.check("subjectNameConstraintImpl", "pattern=CN=Alice")),
            Fault::name_not_allowed);
  EXPECT_EQ(fault_of(scene.check("subjectNameConstraintImpl", "pattern=CN=Bob.*")),
            Fault::name_not_allowed);
}

/// Patterns of Java's that other languages read as something wider, or narrower.
TEST(SubjectNameConstraint, ReadsPatternsAsJavaDoes) {
  PolicyScene scene;
  const auto allows = [&](const std::string& pattern, const std::string& subject) {
    scene.draft.subject = name(subject);
    return scene.check("subjectNameConstraintImpl", "pattern=" + pattern).ok();
  };
  EXPECT_FALSE(allows("CN=[^\\p{Punct}]+,O=EXAMPLE", "CN=a.b:!d@e,O=EXAMPLE"));
  EXPECT_TRUE(allows("CN=[^\\p{Punct}]+,O=EXAMPLE", "CN=alice,O=EXAMPLE"));
  EXPECT_FALSE(allows("CN=[^\\p{Upper}]+,O=EXAMPLE", "CN=ADMIN,O=EXAMPLE"));
  EXPECT_TRUE(allows("CN=[^\\p{Upper}]+,O=EXAMPLE", "CN=admin,O=EXAMPLE"));
  EXPECT_TRUE(allows("CN=.{1,3},O=EXAMPLE", "CN=bob,O=EXAMPLE"));
  EXPECT_FALSE(allows("CN=.{1,3},O=EXAMPLE", "CN=alice bob,O=EXAMPLE"));
  EXPECT_TRUE(allows("\\QCN=al.ice\\E,O=EXAMPLE", "CN=al.ice,O=EXAMPLE"));
  EXPECT_FALSE(allows("\\QCN=al.ice\\E,O=EXAMPLE", "CN=alxice,O=EXAMPLE"));
}

TEST(SubjectNameConstraint, RefusesAProfileWhosePatternIsNotReadAsJavaDoes) {
  for (const std::string pattern :
       {"CN=.{1,3}+,O=EXAMPLE", "CN=[\\p{L} ]+,O=EXAMPLE", "CN=[a-z&&[^b]]+,O=EXAMPLE"}) {
    const auto faults =
        test::faults_in_constraint("subjectNameConstraintImpl", "pattern=" + pattern);
    ASSERT_EQ(faults.size(), 1U) << pattern;
    EXPECT_EQ(faults[0].find("error: pattern: '"), 0U) << faults[0];
  }
}

TEST(SubjectNameConstraint, AllowsEverySubjectOfOneLineByDotStar) {
  PolicyScene scene;
  EXPECT_TRUE(scene.check("subjectNameConstraintImpl", "pattern=.*").ok());
  scene.draft.subject = name("");
  EXPECT_TRUE(scene.check("subjectNameConstraintImpl", "pattern=.*").ok());
}

TEST(SubjectNameConstraint, RefusesAllButTheEmptySubjectWithoutAPattern) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.check("subjectNameConstraintImpl")), Fault::name_not_allowed);
}

TEST(SubjectNameConstraint, RefusesASubjectTooLongToMatch) {
  PolicyScene scene;
  std::string text = "CN=Alice";
  while (text.size() < 4000) text += ",OU=" + std::string(60, 'x');
  scene.draft.subject = name(text);
  EXPECT_EQ(fault_of(scene.check("subjectNameConstraintImpl", "pattern=CN=.*")),
            Fault::name_not_allowed);
}

TEST(SubjectNameConstraint, WarnsOfAPatternThatKeepsOutTheCommaAlone) {
  const auto warnings = [](const std::string& pattern) {
    const auto faults =
        test::faults_in_constraint("subjectNameConstraintImpl", "pattern=" + pattern);
    for (const auto& each : faults) EXPECT_EQ(each.find("warning: pattern: [^,]"), 0U) << each;
    return faults.size();
  };
  EXPECT_EQ(warnings("CN=[^,]*,OU=Printers,O=Example"), 1U);
  EXPECT_EQ(warnings("CN=[^,+]*,OU=Printers,O=Example"), 1U);
  EXPECT_EQ(warnings("CN=[^,\\\\]*,OU=Printers,O=Example"), 1U);
  EXPECT_EQ(warnings("CN=[^+]*,OU=[^\\],]*"), 1U) << "the set goes on behind an escaped bracket";
  EXPECT_EQ(warnings("CN=[^,+\\\\]*,OU=Printers,O=Example"), 0U);
  EXPECT_EQ(warnings("CN=[^,\\p{Punct}]*,O=Example"), 0U);
  EXPECT_EQ(warnings("CN=[a-z]+,O=[^x],C=DE"), 0U);
}

TEST(SubjectNameConstraint, MatchesTheTextWithItsEscapesAndSetsAsTheReadmeSays) {
  PolicyScene scene;
  const auto allows = [&](const std::string& pattern, const std::string& subject) {
    scene.draft.subject = name(subject);
    return scene.check("subjectNameConstraintImpl", "pattern=" + pattern).ok();
  };
  constexpr auto* kLoose = "CN=[^,]*,OU=Printers,O=Example";
  constexpr auto* kClosed = "CN=[^,+\\\\]*,OU=Printers,O=Example";
  for (const auto* subject :
       {"CN=m+OU=Admins,OU=Printers,O=Example", "CN=m\\+OU=Printers,OU=Printers,O=Example"}) {
    EXPECT_TRUE(allows(kLoose, subject)) << subject;
    EXPECT_FALSE(allows(kClosed, subject)) << subject;
  }
  EXPECT_TRUE(allows(kClosed, "CN=m,OU=Printers,O=Example"));
}

TEST(SubjectNameConstraint, RefusesAProfileWhosePatternIsNone) {
  const auto faults = test::faults_in_constraint("subjectNameConstraintImpl", "pattern=CN=(");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("error: pattern: "), 0U);
}

TEST(UserSubjectNameConstraint, PutsTheRequestedSubjectBack) {
  PolicyScene scene;
  scene.draft.subject = name("CN=Other");
  ASSERT_TRUE(scene.check("userSubjectNameConstraintImpl").ok());
  EXPECT_EQ(scene.draft.subject, scene.subject);
}

TEST(CmcUserSignedSubjectNameConstraint, AllowsTheSignersSubjectByX500Equality) {
  PolicyScene scene;
  scene.signer = scene.ca.issue({.subject = "CN=alice,O=TEST"}).certificate;
  EXPECT_TRUE(scene.check("cmcUserSignedSubjectNameConstraintImpl").ok());
}

TEST(CmcUserSignedSubjectNameConstraint, RefusesAnyOtherSubjectNamingBoth) {
  PolicyScene scene;
  scene.signer = scene.ca.issue({.subject = "CN=Bob,O=Test"}).certificate;
  const auto refused = scene.check("cmcUserSignedSubjectNameConstraintImpl");
  ASSERT_EQ(fault_of(refused), Fault::identity_mismatch);
  EXPECT_NE(refused.error().detail.find("CN=Alice,O=Test"), std::string::npos);
  EXPECT_NE(refused.error().detail.find("CN=Bob,O=Test"), std::string::npos);
}

TEST(CmcUserSignedSubjectNameConstraint, RefusesAMessageThatNoCertificateSigned) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.check("cmcUserSignedSubjectNameConstraintImpl")),
            Fault::identity_mismatch);
}

TEST(UniqueSubjectNameConstraint, RefusesASubjectThatAValidCertificateHas) {
  PolicyScene scene;
  scene.record(scene.subject, *test::test_key("ec:p256", 1));
  EXPECT_EQ(fault_of(scene.check("uniqueSubjectNameConstraintImpl",
                                 "enableKeyUsageExtensionChecking=false")),
            Fault::name_not_allowed);
}

TEST(UniqueSubjectNameConstraint, CountsCertificatesOnHoldButNotRevokedOrExpiredOnes) {
  const auto parameters = "enableKeyUsageExtensionChecking=false";
  PolicyScene scene;
  auto& record = scene.record(scene.subject, *test::test_key("ec:p256", 1));
  record.status = store::CertificateStatus::on_hold;
  EXPECT_FALSE(scene.check("uniqueSubjectNameConstraintImpl", parameters).ok());
  record.status = store::CertificateStatus::revoked;
  EXPECT_TRUE(scene.check("uniqueSubjectNameConstraintImpl", parameters).ok());
  record.status = store::CertificateStatus::valid;
  record.not_after = scene.now;
  EXPECT_FALSE(scene.check("uniqueSubjectNameConstraintImpl", parameters).ok());
  record.not_after = scene.now - std::chrono::seconds{1};
  EXPECT_TRUE(scene.check("uniqueSubjectNameConstraintImpl", parameters).ok());
}

TEST(UniqueSubjectNameConstraint, HoldsWhileTheSubjectHasAsManyCertificatesAsWereSeen) {
  PolicyScene scene;
  scene.record(scene.subject, *test::test_key("ec:p256", 1)).status =
      store::CertificateStatus::revoked;
  scene.record(scene.subject, *test::test_key("ec:p256", 2)).not_after =
      scene.now - std::chrono::seconds{1};
  ASSERT_TRUE(scene.check("uniqueSubjectNameConstraintImpl").ok());
  const auto printable = unwrap(pkix::respelled(scene.subject, asn1::kPrintableString));
  EXPECT_EQ(
      scene.draft.subject_conditions,
      (std::vector<store::SubjectCondition>{{scene.draft.subject.der(), 2}, {printable.der(), 0}}));
}

TEST(UniqueSubjectNameConstraint, SeesTheSubjectInAnotherStringTypeAndWithOtherBlanks) {
  const auto parameters = "enableKeyUsageExtensionChecking=false";
  const auto taken = [&](const pkix::Name& on_record, const pkix::Name& wanted) {
    PolicyScene scene;
    scene.record(on_record, *test::test_key("ec:p256", 1));
    scene.draft.subject = wanted;
    return fault_of(scene.check("uniqueSubjectNameConstraintImpl", parameters));
  };
  const auto utf8 = name("CN=Alice B,O=Test");
  const auto printable = unwrap(pkix::respelled(utf8, asn1::kPrintableString));
  const auto mixed = name("CN=Alice B,O=#130454657374");
  for (const auto& other : {printable, mixed, name("CN=Alice  B,O=Test")}) {
    ASSERT_NE(other, utf8);
    EXPECT_EQ(taken(utf8, other), Fault::name_not_allowed) << to_text(other);
  }
  EXPECT_EQ(taken(printable, utf8), Fault::name_not_allowed);
  EXPECT_EQ(taken(printable, mixed), Fault::name_not_allowed);
  EXPECT_EQ(taken(utf8, name("CN=ALICE B,O=Test")), std::nullopt) << "another case, another name";
  EXPECT_EQ(taken(utf8, name("CN=AliceB,O=Test")), std::nullopt);
}

TEST(UniqueSubjectNameConstraint, LetsTheSameSubjectHaveAnotherKeyUsage) {
  PolicyScene scene;
  const auto existing = scene.ca.issue(
      {.subject = "CN=Alice,O=Test", .key_usage = {pkix::KeyUsageBit::digitalSignature}});
  auto& record = scene.record(scene.subject, *existing.key);
  record.certificate_der = existing.certificate.der;

  const auto usage = [](pkix::KeyUsageBit bit) {
    return pkix::Extension{pkix::oid::kKeyUsage, true,
                           pkix::write_key_usage({static_cast<std::uint16_t>(bit)})};
  };
  scene.draft.set(usage(pkix::KeyUsageBit::keyAgreement));
  EXPECT_TRUE(scene.check("uniqueSubjectNameConstraintImpl").ok());
  scene.draft.set(usage(pkix::KeyUsageBit::digitalSignature));
  EXPECT_EQ(fault_of(scene.check("uniqueSubjectNameConstraintImpl")), Fault::name_not_allowed);
}

TEST(UniqueSubjectNameConstraint, PassesOnThatTheStoreFails) {
  PolicyScene scene;
  scene.store.fails = true;
  EXPECT_EQ(fault_of(scene.check("uniqueSubjectNameConstraintImpl")), Fault::storage_failed);
}

}  // namespace
}  // namespace signet::policy
