#include "policy/approve.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/approval_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;
using std::chrono::days;
using std::chrono::seconds;
using test::ApprovalScene;
using test::fault_of;
using test::kSet;
using test::one_more_policy;
using test::request_for;
using test::shipped_profile;
using test::unwrap;

// ------------------------------------------------------------ the shipped profiles

TEST(Approve, GrantsAnAgentsRequestForSomebodyByTheAgentProfile) {
  const ApprovalScene scene;
  const auto key = test::test_key("rsa:2048");
  const auto approved = unwrap(scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                                             request_for("CN=Bob,O=Test", key)));
  EXPECT_EQ(approved.request_id(), cmc::BodyPartID{7});
  EXPECT_EQ(approved.profile_id(), "caFullCMCUserCert");
  EXPECT_EQ(to_text(approved.subject()), "CN=Bob,O=Test");
  EXPECT_EQ(approved.validity(), (pkix::Validity{scene.now, scene.now + days{180}}));
  EXPECT_EQ(approved.public_key_info(), key->public_key_info());
  EXPECT_EQ(approved.signature_algorithm(), scene.facts.default_signature_algorithm);
  EXPECT_EQ(approved.key_condition(), std::nullopt);
  EXPECT_FALSE(approved.subject_replaced());
}

TEST(Approve, GivesTheExtensionsOfTheProfileInItsOrder) {
  const ApprovalScene scene;
  const auto approved =
      unwrap(scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                           request_for("CN=Bob,O=Test", test::test_key("rsa:2048"))));
  const auto& extensions = approved.extensions();
  ASSERT_EQ(extensions.size(), 4U);
  EXPECT_EQ(extensions[0].extn_id, oid::kAuthorityKeyIdentifier);
  EXPECT_EQ(extensions[1].extn_id, oid::kAuthorityInfoAccess);
  EXPECT_EQ(extensions[2].extn_id, oid::kKeyUsage);
  EXPECT_TRUE(extensions[2].critical);
  const auto usage = unwrap(pkix::read_key_usage(extensions[2].extn_value));
  EXPECT_TRUE(usage.has(KeyUsageBit::digitalSignature));
  EXPECT_TRUE(usage.has(KeyUsageBit::nonRepudiation));
  EXPECT_TRUE(usage.has(KeyUsageBit::keyEncipherment));
  EXPECT_EQ(extensions[3].extn_id, oid::kExtendedKeyUsage);
}

TEST(Approve, GrantsAUsersRequestForItselfByTheUserProfile) {
  const ApprovalScene scene;
  const auto approved =
      unwrap(scene.approve(*shipped_profile("caFullCMCUserSignedCert"), scene.alice,
                           request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1))));
  EXPECT_EQ(approved.subject().der(), scene.alice.certificate->subject.der());
  EXPECT_EQ(approved.key_condition()->known_certificates, 0U);
}

TEST(Approve, GrantsAnAgentsRequestForItselfByTheUserProfile) {
  const ApprovalScene scene;
  const auto approved =
      unwrap(scene.approve(*shipped_profile("caFullCMCUserSignedCert"), scene.agent,
                           request_for("CN=Whoever", test::test_key("ec:p256", 1))));
  EXPECT_EQ(to_text(approved.subject()), "CN=Agent,O=Test");
  EXPECT_TRUE(approved.subject_replaced());
}

TEST(Approve, GrantsABareRequestOfAnAgentByTheSimpleProfile) {
  const ApprovalScene scene;
  const auto approved = unwrap(scene.approve_simple(
      *shipped_profile("caSimpleCMCUserCert"), scene.agent,
      test::pkcs10({.subject = "CN=Bob,O=Test", .key = test::test_key("ec:p384")})));
  EXPECT_EQ(approved.request_id(), cmc::BodyPartID{1});
}

TEST(Approve, GrantsCrmfRequestsToo) {
  const ApprovalScene scene;
  const auto approved =
      unwrap(scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                           test::tagged(test::crmf({.id = 9, .subject = "CN=Bob,O=Test"}))));
  EXPECT_EQ(approved.request_id(), cmc::BodyPartID{9});
}

TEST(Approve, GrantsEcKeysByTheEcProfilesAndNoOthers) {
  const ApprovalScene scene;
  for (const auto* id : {"caECFullCMCUserCert", "caECFullCMCUserSignedCert"}) {
    const auto profile = shipped_profile(id);
    for (const auto* kind : {"ec:p256", "ec:p384", "ec:p521"}) {
      const auto approved = scene.approve(*profile, scene.agent,
                                          request_for("CN=Agent,O=Test", test::test_key(kind, 1)));
      ASSERT_TRUE(approved.ok()) << id << " " << kind << ": " << approved.error().detail;
      const auto* usage = pkix::find_extension(approved->extensions(), oid::kKeyUsage);
      ASSERT_NE(usage, nullptr);
      EXPECT_TRUE(unwrap(pkix::read_key_usage(usage->extn_value)).has(KeyUsageBit::keyAgreement));
    }
    EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent,
                                     request_for("CN=Agent,O=Test", test::test_key("rsa:2048")))),
              Fault::unsupported_algorithm);
  }
}

TEST(Approve, RefusesKeysOutsideTheProfilesList) {
  const ApprovalScene scene;
  EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                                   request_for("CN=Bob,O=Test", test::test_key("ed25519")))),
            Fault::unsupported_algorithm);
}

// ------------------------------------------------------------ who may use a profile

TEST(CheckAuthenticator, RefusesAUserByTheAgentProfile) {
  const ApprovalScene scene;
  const auto refused = scene.approve(*shipped_profile("caFullCMCUserCert"), scene.alice,
                                     request_for("CN=Alice,O=Test", test::test_key()));
  ASSERT_EQ(fault_of(refused), Fault::unknown_identity);
  EXPECT_NE(refused.error().detail.find("caFullCMCUserCert"), std::string::npos);
}

TEST(CheckAuthenticator, RefusesABareRequestByTheProfilesForSignedMessages) {
  const ApprovalScene scene;
  for (const auto* id : {"caFullCMCUserCert", "caFullCMCUserSignedCert"}) {
    EXPECT_EQ(fault_of(scene.approve_simple(*shipped_profile(id), scene.agent, test::pkcs10())),
              Fault::unknown_identity)
        << id;
  }
}

TEST(CheckAuthenticator, RefusesASignedMessageByTheSimpleProfile) {
  const ApprovalScene scene;
  EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caSimpleCMCUserCert"), scene.agent,
                                   request_for("CN=Bob,O=Test", test::test_key()))),
            Fault::unknown_identity);
}

TEST(CheckAuthenticator, GivesNoPowersForABareRequestWhereTheProfileSaysNotWhoMayAsk) {
  const ApprovalScene scene;
  const auto asking = [&](const std::string& authenticator, const asn1::Oid& purpose) {
    const auto profile = shipped_profile(
        "caSimpleCMCUserCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.37") +
                                   "auth.instance_id=" + authenticator + "\n");
    const pkix::Extensions asked{
        {oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage({purpose})}};
    return scene.approve_simple(*profile, scene.agent,
                                test::pkcs10({.subject = "CN=Bob", .extensions = asked}));
  };
  const auto refused = asking("", oid::kCmcRA);
  ASSERT_EQ(fault_of(refused), Fault::unknown_identity);
  EXPECT_NE(refused.error().detail.find("write auth.instance_id=CMCAuth"), std::string::npos);
  EXPECT_TRUE(asking("", oid::kServerAuth).ok());
  EXPECT_TRUE(asking("AgentCertAuth", oid::kCmcRA).ok()) << "somebody said so";
}

// ------------------------------------------------------------ renewal

TEST(Approve, RenewsTheSameKeyInsideTheGracePeriodOnly) {
  /* matrix: E18 */
  ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserSignedCert");
  const auto request = request_for("CN=Alice,O=Test", scene.alice.key);
  const auto end = scene.alice.certificate->validity.not_after;
  scene.now = end - days{30} - seconds{1};
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.alice, request)), Fault::validity_not_allowed);
  scene.now = end - days{30};
  const auto approved = scene.approve(*profile, scene.alice, request);
  ASSERT_TRUE(approved.ok());
  EXPECT_EQ(approved->key_condition()->known_certificates, 1U);
}

TEST(Approve, RefusesAKeyOfAnotherHolder) {
  /* matrix: E18 */
  const ApprovalScene scene;
  EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caFullCMCUserSignedCert"), scene.alice,
                                   request_for("CN=Alice,O=Test", scene.agent.key))),
            Fault::key_reuse);
}

// ------------------------------------------------------------ validity

TEST(Approve, CutsNotAfterToTheAuthoritys) {
  ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto end = scene.ca.certificate()->validity.not_after;
  scene.facts.certificate.tbs.value.validity.not_after = scene.now + days{10};
  const auto request = request_for("CN=Bob", test::test_key());
  EXPECT_EQ(unwrap(scene.approve(*profile, scene.agent, request)).validity().not_after,
            scene.now + days{10});
  scene.facts.allow_past_ca_validity = true;
  EXPECT_EQ(unwrap(scene.approve(*profile, scene.agent, request)).validity().not_after,
            scene.now + days{180});
  EXPECT_GT(end, scene.now + days{180});
}

TEST(Approve, RefusesWhenTheAuthorityHasExpired) {
  ApprovalScene scene;
  scene.facts.certificate.tbs.value.validity.not_after = scene.now - seconds{1};
  const auto unconstrained = std::string(kSet) + "2.constraint.class_id=noConstraintImpl\n";
  for (const auto& lines : {std::string(), unconstrained}) {
    EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caFullCMCUserCert", lines), scene.agent,
                                     request_for("CN=Bob", test::test_key()))),
              Fault::validity_not_allowed);
  }
}

// ------------------------------------------------------------ extensions asked for

TEST(Approve, DropsWhatTheProfileDoesNotCopy) {
  const ApprovalScene scene;
  const auto approved = unwrap(
      scene.approve(*shipped_profile("caFullCMCUserCert"), scene.agent,
                    request_for("CN=Bob", test::test_key(),
                                {{oid::kSubjectAltName, false,
                                  pkix::write_alternative_name({pkix::DnsName{"host.example"}})},
                                 {asn1::Oid{"1.2.3.4"}, false, {0x05, 0x00}}})));
  EXPECT_EQ(pkix::find_extension(approved.extensions(), oid::kSubjectAltName), nullptr);
  EXPECT_EQ(pkix::find_extension(approved.extensions(), oid::kSubjectKeyIdentifier), nullptr);
}

TEST(Approve, RefusesAnUnknownCriticalExtension) {
  /* matrix: E07, E37 */
  const ApprovalScene scene;
  const pkix::Extensions asked{{asn1::Oid{"1.2.3.4"}, true, {0x05, 0x00}}};
  const auto profile = shipped_profile("caFullCMCUserCert");
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent,
                                   request_for("CN=Bob", test::test_key(), asked))),
            Fault::extension_not_allowed);
  EXPECT_EQ(
      fault_of(scene.approve(*profile, scene.agent,
                             test::tagged(test::crmf({.subject = "CN=Bob", .extensions = asked})))),
      Fault::extension_not_allowed);
}

TEST(Approve, RefusesKeyUsageTheProfileWouldInvert) {
  /* matrix: E06, E36 */
  const ApprovalScene scene;
  const pkix::Extensions asked{
      {oid::kKeyUsage, true,
       pkix::write_key_usage({static_cast<std::uint16_t>(KeyUsageBit::keyAgreement)})}};
  const auto profile = shipped_profile("caFullCMCUserCert");
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent,
                                   request_for("CN=Bob", test::test_key(), asked))),
            Fault::extension_not_allowed);
  EXPECT_EQ(
      fault_of(scene.approve(*profile, scene.agent,
                             test::tagged(test::crmf({.subject = "CN=Bob", .extensions = asked})))),
      Fault::extension_not_allowed);
}

TEST(Approve, WritesCopiedExtensionsInDer) {
  const ApprovalScene scene;
  const auto granted = [&](const std::string& id, const pkix::Extension& asked) {
    const auto profile = shipped_profile(
        "caFullCMCUserSignedCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=" + id));
    const auto approved = unwrap(
        scene.approve(*profile, scene.alice,
                      request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1), {asked})));
    return pkix::find_extension(approved.extensions(), asked.extn_id)->extn_value;
  };
  EXPECT_EQ(granted("2.5.29.15", {oid::kKeyUsage, true, {0x03, 0x04, 0x00, 0xC0, 0x00, 0x00}}),
            (Bytes{0x03, 0x02, 0x06, 0xC0}));
  EXPECT_EQ(granted("2.5.29.19", {oid::kBasicConstraints, true, {0x30, 0x03, 0x01, 0x01, 0x00}}),
            (Bytes{0x30, 0x00}));
}

TEST(Approve, MakesNoOcspResponderOfAUser) {
  const ApprovalScene scene;
  const auto profile =
      shipped_profile("caFullCMCUserSignedCert",
                      one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.37"));
  const pkix::Extensions asked{
      {oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage({oid::kOcspSigning})}};
  EXPECT_EQ(
      fault_of(scene.approve(*profile, scene.alice,
                             request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1), asked))),
      Fault::extension_not_allowed);
}

TEST(Approve, RefusesAnAuthorityByAUserProfile) {
  const ApprovalScene scene;
  const pkix::Extensions asked{
      {oid::kBasicConstraints, true, pkix::write_basic_constraints({true, std::nullopt})}};
  EXPECT_EQ(fault_of(scene.approve(*shipped_profile("caFullCMCUserSignedCert"), scene.alice,
                                   request_for("CN=Alice,O=Test", test::test_key(), asked))),
            Fault::extension_not_allowed);
}

TEST(Approve, RefusesCopiedKeyUsageOfAnAuthority) {
  const ApprovalScene scene;
  const auto profile = shipped_profile(
      "caFullCMCUserCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.15") +
                               kSet + "6.constraint.class_id=noConstraintImpl\n");
  const pkix::Extensions asked{
      {oid::kKeyUsage, true,
       pkix::write_key_usage({static_cast<std::uint16_t>(KeyUsageBit::keyCertSign)})}};
  EXPECT_EQ(fault_of(scene.approve(*profile, scene.agent,
                                   request_for("CN=Bob", test::test_key(), asked))),
            Fault::extension_not_allowed);
}

TEST(Approve, RefusesCopiedKeyUsageThatTheKeyCannotServe) {
  const ApprovalScene scene;
  const auto profile = shipped_profile(
      "caFullCMCUserCert", one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.15") +
                               kSet + "6.constraint.class_id=noConstraintImpl\n");
  const auto asked_by = [&](const std::string& kind) {
    const pkix::Extensions asked{
        {oid::kKeyUsage, true,
         pkix::write_key_usage({static_cast<std::uint16_t>(KeyUsageBit::keyEncipherment)})}};
    return scene.approve(*profile, scene.agent, request_for("CN=Bob", test::test_key(kind), asked));
  };
  EXPECT_TRUE(asked_by("rsa:2048").ok());
  EXPECT_EQ(fault_of(asked_by("ec:p256")), Fault::extension_not_allowed);
}

// ------------------------------------------------------------ sets and evidence

TEST(Approve, UsesTheLastSetForRequestsBeyondIt) {
  const ApprovalScene scene;
  const auto profile = shipped_profile("caFullCMCUserCert");
  const auto request = test::read_tagged(request_for("CN=Bob", test::test_key()));
  EXPECT_EQ(profile->sets().size(), 1U);
  EXPECT_TRUE(scene.approve(*profile, scene.agent, request.der).ok());
}

}  // namespace
}  // namespace signet::policy
