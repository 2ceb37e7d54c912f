// The names that a certificate is approved with: whose they are, and how they are written.
#include <gtest/gtest.h>

#include <algorithm>

#include "codec/pkix/oids.h"
#include "policy/approve.h"
#include "support/approval_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using test::ApprovalScene;
using test::fault_of;
using test::one_more_policy;
using test::request_for;
using test::shipped_profile;
using test::unwrap;

TEST(Approve, RefusesANullSubject) {
  /* matrix: E28 */
  const ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent, request_for("", test::test_key()))),
            Fault::malformed);
  EXPECT_EQ(
      fault_of(scene.approve(*profile, scene.agent, test::tagged(test::crmf({.subject = ""})))),
      Fault::malformed);
  EXPECT_EQ(fault_of(scene.approve_simple(*shipped_profile("caSimpleCMCUserCert"), scene.agent,
                                          test::pkcs10({.subject = ""}))),
            Fault::malformed);
}

TEST(Approve, GivesNobodyTheAuthoritysOwnName) {
  const ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto asking_for = [&](const std::string& subject) {
    return fault_of(scene.approve(*profile, scene.agent, request_for(subject, test::test_key())));
  };
  EXPECT_EQ(asking_for("CN=Test CA,O=Test"), Fault::name_not_allowed);
  EXPECT_EQ(asking_for("CN=TEST  ca,O=Test"), Fault::name_not_allowed);
  EXPECT_EQ(asking_for("CN=Test CA 2,O=Test"), std::nullopt);
  EXPECT_EQ(asking_for("CN=Test CA"), std::nullopt);
}

TEST(Approve, MakesTheAlternativeNameCriticalWhenThereIsNoSubject) {
  const ApprovalScene scene;
  const auto profile = shipped_profile(
      "caFullCMCUserCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.17"));
  const pkix::Extension name{oid::kSubjectAltName, false,
                             pkix::write_alternative_name({pkix::DnsName{"host.example"}})};
  const auto approved =
      unwrap(scene.approve(*profile, scene.agent, request_for("", test::test_key(), {name})));
  EXPECT_TRUE(pkix::find_extension(approved.extensions(), oid::kSubjectAltName)->critical);
}

TEST(Approve, RefusesASubjectWithAnAttributeTooLong) {
  const ApprovalScene scene;
  EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                                   request_for("CN=" + std::string(65, 'x'), test::test_key()))),
            Fault::name_not_allowed);
}

TEST(Approve, RefusesAnAlternativeNameOfTheWrongForm) {
  const ApprovalScene scene;
  const auto profile = shipped_profile(
      "caFullCMCUserCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.17"));
  const pkix::Extension name{oid::kSubjectAltName, false,
                             pkix::write_alternative_name({pkix::DnsName{"host a.example"}})};
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent,
                                   request_for("CN=Bob", test::test_key(), {name}))),
            Fault::malformed);
}

constexpr auto* kNameOfTheCommonName =
    "subjAltNameNumGNs=1\n"
    "policyset.cmcUserCertSet.20.default.params.subjAltExtGNEnable_0=true\n"
    "policyset.cmcUserCertSet.20.default.params.subjAltExtType_0=DNSName\n"
    "policyset.cmcUserCertSet.20.default.params.subjAltExtPattern_0=$request.req_subject_name.cn$";

TEST(Approve, MakesNoNameOfWhatAUsersRequestSaysOfItsSubject) {
  const ApprovalScene scene;
  const auto profile =
      shipped_profile("caFullCMCUserSignedCert",
                      one_more_policy("subjectAltNameExtDefaultImpl", kNameOfTheCommonName));
  const auto approved = unwrap(scene.approve(
      *profile, scene.alice, request_for("CN=www.victim.example", test::test_key("ec:p256", 1))));
  EXPECT_EQ(to_text(approved.subject()), "CN=Alice,O=Test");
  EXPECT_TRUE(approved.subject_replaced());
  const auto* names = pkix::find_extension(approved.extensions(), oid::kSubjectAltName);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(unwrap(pkix::read_alternative_name(names->extn_value)),
            pkix::GeneralNames{pkix::DnsName{"Alice"}});
}

TEST(Approve, SpellsAUsersNameAsItsHolderDoesWhateverConstraintsPutBack) {
  const ApprovalScene scene;
  const auto profile =
      shipped_profile("caFullCMCUserSignedCert",
                      one_more_policy("userSubjectNameDefaultImpl", "name=") + test::kSet +
                          "20.constraint.class_id=userSubjectNameConstraintImpl\n");
  const auto approved = unwrap(scene.approve(
      *profile, scene.alice, request_for("CN=ALICE,O=Test", test::test_key("ec:p256", 1))));
  EXPECT_EQ(approved.subject(), scene.alice.certificate->subject);
}

TEST(Approve, WritesAnAgentsNamesAsTheStandardWants) {
  const ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto granted = [&](const std::string& subject) {
    return unwrap(scene.approve(*profile, scene.agent, request_for(subject, test::test_key())))
        .subject();
  };
  EXPECT_EQ(granted("CN=Bob,C=#0c024445"), test::name("CN=Bob,C=DE"));
  EXPECT_EQ(granted("CN=#13056140622a63"), test::name("CN=a@b*c"));
  EXPECT_EQ(granted("CN=#1303426f62"), test::name("CN=#1303426f62"));
}

TEST(Approve, RefusesASubjectWithAControlCharacter) {
  const ApprovalScene scene;
  const auto refused =
      scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                    request_for("CN=www.bank.example\\00.mallory.example", test::test_key()));
  ASSERT_EQ(fault_of(refused), Fault::name_not_allowed);
  EXPECT_NE(refused.error().detail.find("control character"), std::string::npos);
}

/// What a foreign issuer's certificate for this subject is granted for itself.
Result<ApprovedCertificate> granted_to_foreign(const std::string& subject,
                                               const AgentChanges* approved = nullptr) {
  test::TestCa elsewhere{"CN=Elsewhere,O=Test"};
  ApprovalScene scene;
  scene.foreign_issuers = {elsewhere.certificate()};
  if (approved != nullptr) scene.agent_changes = *approved;
  const auto profile = shipped_profile("caFullCMCUserSignedCert");
  return scene.approve(*profile, elsewhere.issue({.subject = subject}),
                       request_for(subject, test::test_key("ec:p256", 1)));
}

TEST(Approve, GivesForeignSignersNoNameThatIsOnRecord) {
  const AgentChanges nothing;
  for (const auto* taken : {"CN=Alice,O=Test", "CN=Agent,O=Test", "CN=#1305416c696365,O=Test",
                            "CN=Alice ,O=#130454657374", "CN=#1e0a0041006c006900630065,O=Test"}) {
    for (const auto* approved : {static_cast<const AgentChanges*>(nullptr), &nothing}) {
      const auto refused = granted_to_foreign(taken, approved);
      ASSERT_EQ(fault_of(refused), Fault::name_not_allowed) << taken;
      EXPECT_NE(refused.error().detail.find("renews by signing with that one"), std::string::npos)
          << refused.error().detail;
    }
  }
}

TEST(Approve, GivesForeignSignersANameOfTheirOwnWhileNobodyElseTakesIt) {
  const auto approved = unwrap(granted_to_foreign("CN=Device 7,O=Test"));
  const auto& kept = approved.subject_conditions();
  for (const auto* spelling : {"CN=Device 7,O=Test", "CN=#13084465766963652037,O=#130454657374"}) {
    EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [&](const store::SubjectCondition& each) {
      return each.subject_der == test::name(spelling).der() && each.known_certificates == 0;
    })) << spelling;
  }
  const ApprovalScene scene;
  const auto own =
      unwrap(scene.approve(*shipped_profile("caFullCMCUserSignedCert"), scene.alice,
                           request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1))));
  EXPECT_TRUE(own.subject_conditions().empty()) << "who signs with ours keeps its name";
}

}  // namespace
}  // namespace signet::policy
