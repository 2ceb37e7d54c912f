// What is approved where agents in between changed what a request asks for.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "policy/approve.h"
#include "support/approval_scene.h"
#include "support/sample_extensions.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;
using std::chrono::days;
using test::ApprovalScene;
using test::dns_name;
using test::fault_of;
using test::kSet;
using test::name;
using test::one_more_policy;
using test::request_for;
using test::shipped_profile;
using test::unwrap;
using Way = TemplateChange::Way;

TemplateChange change_of_subject(const std::string& text, Way way = Way::replace) {
  TemplateChange change{.told_as = "modCertTemplate 7 of CN=RA", .way = way};
  change.fields.subject = name(text);
  return change;
}
TemplateChange change_of_extension(const pkix::Extension& extension, Way way = Way::replace) {
  TemplateChange change{.told_as = "addExtensions 8 of CN=RA", .way = way};
  change.fields.extensions = {extension};
  return change;
}

/// The agents' profile, which gives this extension as it is asked for.
std::shared_ptr<const Profile> agents_profile_copying(const asn1::Oid& id) {
  return shipped_profile("caFullCMCUserCert",
                         one_more_policy("userExtensionDefaultImpl", "userExtOID=" + id.to_text()));
}
std::shared_ptr<const Profile> users_profile_copying(const asn1::Oid& id) {
  return shipped_profile("caFullCMCUserSignedCert",
                         one_more_policy("userExtensionDefaultImpl", "userExtOID=" + id.to_text()));
}

Result<ApprovedCertificate> approve_for_agent(const ApprovalScene& scene, const Profile& profile,
                                              const pkix::Extensions& asked = {}) {
  return scene.approve(profile, scene.agent, request_for("CN=Bob", test::test_key(), asked));
}
Result<ApprovedCertificate> approve_for_alice(const ApprovalScene& scene, const Profile& profile,
                                              const pkix::Extensions& asked = {}) {
  return scene.approve(profile, scene.alice,
                       request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1), asked));
}

// ------------------------------------------------------------ names

TEST(ApproveChanged, GivesTheSubjectThatAnAgentGaveInGoodWriting) {
  /* matrix: E94 */
  ApprovalScene scene;
  scene.template_changes = {change_of_subject("CN=Carol,C=#0c024445")};
  const auto approved = unwrap(approve_for_agent(scene, *shipped_profile("caFullCMCUserCert")));
  EXPECT_EQ(approved.subject(), name("CN=Carol,C=DE"));
  EXPECT_FALSE(approved.subject_replaced());
}

TEST(ApproveChanged, GivesNamesThatChangedToTheRequestOfATlsAgent) {
  /* matrix: E94 */
  ApprovalScene scene;
  scene.template_changes = {change_of_subject("CN=Carol")};
  const auto approved = unwrap(
      scene.approve_simple(*shipped_profile("caSimpleCMCUserCert"), scene.agent, test::pkcs10()));
  EXPECT_EQ(approved.subject(), name("CN=Carol"));
}

TEST(ApproveChanged, GivesNoSubjectWhereAnAgentTookIt) {
  /* matrix: E94 */
  ApprovalScene scene;
  const auto profile = agents_profile_copying(oid::kSubjectAltName);
  scene.template_changes = {change_of_subject("CN=X", Way::leave_out),
                            change_of_extension(dns_name("bob.example"))};
  const auto approved = unwrap(approve_for_agent(scene, *profile));
  EXPECT_TRUE(approved.subject().empty());
  EXPECT_FALSE(approved.subject_replaced());
  EXPECT_TRUE(pkix::find_extension(approved.extensions(), oid::kSubjectAltName)->critical);

  scene.template_changes.pop_back();
  EXPECT_EQ(fault_of(approve_for_agent(scene, *profile)), Fault::malformed);
}

TEST(ApproveChanged, ShowsPoliciesTheSubjectThatAnAgentGave) {
  ApprovalScene scene;
  scene.template_changes = {change_of_subject("CN=" + std::string(65, 'x'))};
  EXPECT_EQ(fault_of(approve_for_agent(scene, *shipped_profile("caFullCMCUserCert"))),
            Fault::name_not_allowed);
}

TEST(ApproveChanged, LetsNobodyChangeTheNamesOfAUserWhoProvedWhoItIs) {
  const auto profile = users_profile_copying(oid::kSubjectAltName);
  const std::vector<TemplateChange> changes_of_names{
      change_of_subject("CN=Carol"), change_of_subject("CN=Alice,O=Test"),
      change_of_subject("CN=Alice,O=Test", Way::leave_out),
      change_of_extension(dns_name("carol.example")),
      change_of_extension(dns_name("alice.example"), Way::leave_out)};
  for (const auto& change : changes_of_names) {
    ApprovalScene scene;
    scene.template_changes = {change};
    const auto refused = approve_for_alice(scene, *profile);
    ASSERT_EQ(fault_of(refused), Fault::identity_mismatch);
    const auto& detail = refused.error().detail;
    EXPECT_NE(detail.find("'CN=Alice,O=Test' did, and " + change.told_as), std::string::npos)
        << detail;
  }
}

TEST(ApproveChanged, LetsOtherFieldsOfAUsersRequestChange) {
  /* matrix: E94 */
  ApprovalScene scene;
  const asn1::Oid ours{"1.2.3.4"};
  scene.template_changes = {change_of_extension({ours, false, {0x05, 0x00}})};
  const auto approved = unwrap(approve_for_alice(scene, *users_profile_copying(ours)));
  EXPECT_EQ(approved.subject(), scene.alice.certificate->subject);
  EXPECT_NE(pkix::find_extension(approved.extensions(), ours), nullptr);
}

TEST(ApproveChanged, RefusesTwoWaysToNewNamesAtOnce) {
  ApprovalScene scene;
  scene.new_names = cmc::ChangeSubjectName{.subject = name("CN=Dora"), .subject_alt = {}};
  scene.template_changes = {change_of_subject("CN=Carol")};
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto refused = approve_for_agent(scene, *profile);
  ASSERT_EQ(fault_of(refused), Fault::malformed);
  EXPECT_NE(refused.error().detail.find("changeSubjectName"), std::string::npos);
  EXPECT_EQ(fault_of(approve_for_alice(scene, *shipped_profile("caFullCMCUserSignedCert"))),
            Fault::identity_mismatch);
}

// ------------------------------------------------------------ validity

TEST(ApproveChanged, GivesTheValidityThatAnAgentGave) {
  /* matrix: E94 */
  ApprovalScene scene;
  const auto profile = shipped_profile(
      "caFullCMCUserCert", std::string(kSet) + "2.default.class_id=userValidityDefaultImpl\n" +
                               kSet + "2.constraint.class_id=noConstraintImpl\n");
  TemplateChange change{.told_as = "modCertTemplate 7 of CN=RA"};
  change.fields.validity = crmf::OptionalValidity{scene.now, scene.now + days{12}};
  scene.template_changes = {change};
  const auto approved = unwrap(approve_for_agent(scene, *profile));
  EXPECT_EQ(approved.validity(), (pkix::Validity{scene.now, scene.now + days{12}}));
}

// ------------------------------------------------------------ extensions

TEST(ApproveChanged, GivesTheExtensionsThatAgentsGaveWhereTheProfileCopiesThem) {
  /* matrix: E94, E96 */
  ApprovalScene scene;
  const auto profile = agents_profile_copying(oid::kSubjectAltName);
  const auto asked = dns_name("asked.example");
  const auto given = dns_name("given.example");

  scene.template_changes = {change_of_extension(given)};
  const auto replaced = unwrap(approve_for_agent(scene, *profile, {asked}));
  EXPECT_EQ(*pkix::find_extension(replaced.extensions(), oid::kSubjectAltName), given);

  scene.template_changes = {change_of_extension(asked, Way::leave_out)};
  const auto taken = unwrap(approve_for_agent(scene, *profile, {asked}));
  EXPECT_EQ(pkix::find_extension(taken.extensions(), oid::kSubjectAltName), nullptr);
}

TEST(ApproveChanged, RefusesAnAddedCriticalExtensionThatTheProfileCannotGive) {
  /* matrix: E96, E99 */
  ApprovalScene scene;
  const asn1::Oid unknown{"1.2.3.4"};
  scene.template_changes = {change_of_extension({unknown, true, {0x05, 0x00}})};
  EXPECT_EQ(fault_of(approve_for_agent(scene, *shipped_profile("caFullCMCUserCert"))),
            Fault::extension_not_allowed);
  EXPECT_TRUE(approve_for_agent(scene, *agents_profile_copying(unknown)).ok());
}

TEST(ApproveChanged, GrantsWhatIsLeftWhereAnAgentTookTheExtensionThatNobodyCanGive) {
  /* matrix: E94, E96 */
  ApprovalScene scene;
  const pkix::Extension unknown{asn1::Oid{"1.2.3.4"}, true, {0x05, 0x00}};
  const auto profile = shipped_profile("caFullCMCUserCert");
  EXPECT_EQ(fault_of(approve_for_agent(scene, *profile, {unknown})), Fault::extension_not_allowed);
  scene.template_changes = {change_of_extension(unknown, Way::leave_out)};
  EXPECT_TRUE(approve_for_agent(scene, *profile, {unknown}).ok());
}

TEST(ApproveChanged, MakesNoAuthorityOfARequestToWhichAnAgentAddsIt) {
  /* matrix: E96, E99 */
  ApprovalScene scene;
  scene.template_changes = {change_of_extension(test::basic_constraints(true))};
  EXPECT_EQ(fault_of(approve_for_agent(scene, *shipped_profile("caFullCMCUserCert"))),
            Fault::extension_not_allowed);
}

TEST(ApproveChanged, MakesNoOcspResponderOfAUserToWhomAnAgentAddsIt) {
  ApprovalScene scene;
  scene.template_changes = {change_of_extension(test::purpose(oid::kOcspSigning))};
  EXPECT_EQ(fault_of(approve_for_alice(scene, *users_profile_copying(oid::kExtendedKeyUsage))),
            Fault::extension_not_allowed);
}

TEST(ApproveChanged, TurnsNoKeyUsageIntoItsOppositeWhateverElseChanged) {
  /* matrix: E97 */
  ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto agreement = test::key_usage({KeyUsageBit::keyAgreement});
  scene.template_changes = {change_of_extension(dns_name("bob.example"))};
  EXPECT_EQ(fault_of(approve_for_agent(scene, *profile, {agreement})),
            Fault::extension_not_allowed);
}

TEST(ApproveChanged, LetsNoAgentInBetweenChangeTheKeyUsageAskedFor) {
  /* matrix: E97 */
  ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto agreement = test::key_usage({KeyUsageBit::keyAgreement});
  const auto signature = test::key_usage({KeyUsageBit::digitalSignature});
  for (const auto& change :
       {change_of_extension(signature), change_of_extension(agreement, Way::leave_out)}) {
    scene.template_changes = {change};
    EXPECT_EQ(fault_of(approve_for_agent(scene, *profile, {agreement})), Fault::malformed);
  }
}

}  // namespace
}  // namespace signet::policy
