#include "policy/requested_extensions.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/message_builder.h"
#include "support/policy_scene.h"
#include "support/sample_extensions.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;
using test::basic_constraints;
using test::fault_of;
using test::key_usage;
using test::PolicyScene;
using test::purpose;
using test::unwrap;

pkix::Extension unknown(bool critical) {
  return {asn1::Oid{"1.2.3.4"}, critical, {0x05, 0x00}};
}

Result<void> check_requested(const PolicyScene& scene) {
  return check_requested_extensions(scene.facts(), scene.draft);
}

Result<pkix::Extensions> extensions_of_pkcs10(const pkix::Extension& extension) {
  return read_requested_extensions(
      test::read_tagged(test::tagged(1, test::pkcs10({.extensions = {extension}}))));
}
Result<pkix::Extensions> extensions_of_crmf(const pkix::Extension& extension) {
  return read_requested_extensions(
      test::read_tagged(test::tagged(test::crmf({.extensions = {extension}}))));
}

TEST(RequestedExtensions, AreReadFromPkcs10AndCrmf) {
  /* matrix: E05, E35 */
  const auto wanted = key_usage({KeyUsageBit::digitalSignature});
  for (const auto& read : {extensions_of_pkcs10(wanted), extensions_of_crmf(wanted)}) {
    ASSERT_TRUE(read.ok());
    const auto* found = pkix::find_extension(*read, oid::kKeyUsage);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(*found, wanted);
  }
}

TEST(RequestedExtensions, AreMalformedWhenAKnownValueIsNotOfItsType) {
  /* matrix: E05, E35 */
  for (const auto& id :
       {oid::kKeyUsage, oid::kBasicConstraints, oid::kExtendedKeyUsage, oid::kSubjectAltName,
        oid::kNameConstraints, oid::kCertificatePolicies, oid::kPolicyConstraints,
        oid::kInhibitAnyPolicy, oid::kCrlDistributionPoints, oid::kSubjectInfoAccess,
        oid::kSubjectDirectoryAttributes, oid::kPolicyMappings, oid::kFreshestCrl,
        oid::kIssuerAltName, oid::kAuthorityInfoAccess, oid::kAuthorityKeyIdentifier}) {
    const pkix::Extension null{id, false, {0x05, 0x00}};
    EXPECT_EQ(fault_of(extensions_of_pkcs10(null)), Fault::malformed) << id.to_text();
    EXPECT_EQ(fault_of(extensions_of_crmf(null)), Fault::malformed) << id.to_text();
  }
}

TEST(RequestedExtensions, AreDroppedWhenKnownOrNotCritical) {
  PolicyScene scene;
  scene.extensions = {unknown(false), basic_constraints(false), purpose(oid::kServerAuth)};
  EXPECT_TRUE(check_requested(scene).ok());
}

TEST(RequestedExtensions, AreRefusedWhenUnknownAndCritical) {
  /* matrix: E07, E37 */
  PolicyScene scene;
  scene.extensions = {unknown(true)};
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
}

TEST(RequestedExtensions, MayBeUnknownAndCriticalWhereTheProfileCopiesThem) {
  PolicyScene scene;
  scene.extensions = {unknown(true)};
  ASSERT_TRUE(scene.apply("userExtensionDefaultImpl", "userExtOID=1.2.3.4").ok());
  EXPECT_TRUE(check_requested(scene).ok());
}

TEST(RequestedExtensions, MayNotAskForAnAuthorityThatTheProfileDoesNotMake) {
  /* matrix: E07, E37 */
  PolicyScene scene;
  scene.role = proof::Role::agent;
  scene.extensions = {basic_constraints(true)};
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
  scene.draft.set(basic_constraints(false));
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
  scene.draft.set(basic_constraints(true));
  EXPECT_TRUE(check_requested(scene).ok());
}

TEST(RequestedExtensions, MayAskForAnAuthorityOnlyFromAnAgent) {
  PolicyScene scene;
  scene.extensions = {basic_constraints(true)};
  scene.draft.set(basic_constraints(true));
  scene.role = proof::Role::user;
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
}

TEST(RequestedExtensions, MayAskForPurposesOfTheAuthorityOnlyFromAnAgent) {
  for (const auto& id :
       {oid::kCmcCA, oid::kCmcRA, oid::kCmcArchive, oid::kOcspSigning, oid::kAnyExtendedKeyUsage,
        asn1::Oid{"1.3.6.1.4.1.311.10.12.1"}, asn1::Oid{"1.3.6.1.4.1.311.20.2.1"}}) {
    PolicyScene scene;
    scene.extensions = {purpose(id)};
    EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed) << id.to_text();
    scene.role = proof::Role::agent;
    EXPECT_TRUE(check_requested(scene).ok()) << id.to_text();
  }
}

/// Smart card logon, which a stock profile of Dogtag's gives.
TEST(RequestedExtensions, MayAskForOtherPurposesOfMicrosofts) {
  PolicyScene scene;
  scene.extensions = {purpose(asn1::Oid{"1.3.6.1.4.1.311.20.2.2"})};
  EXPECT_TRUE(check_requested(scene).ok());
}

TEST(RequestedExtensions, MayAskNotToBeLookedUpOnlyFromAnAgent) {
  PolicyScene scene;
  scene.extensions = {{oid::kOcspNoCheck, false, {0x05, 0x00}}};
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
  scene.role = proof::Role::agent;
  EXPECT_TRUE(check_requested(scene).ok());
}

TEST(RequestedExtensions, AreNotTurnedIntoTheirOpposite) {
  /* matrix: E06, E36 */
  PolicyScene scene;
  scene.extensions = {key_usage({KeyUsageBit::keyAgreement})};
  scene.draft.set(key_usage({KeyUsageBit::digitalSignature}));
  EXPECT_EQ(fault_of(check_requested(scene)), Fault::extension_not_allowed);
}

TEST(RequestedExtensions, MayBeAlteredWhileOneUsageIsKept) {
  PolicyScene scene;
  scene.extensions = {
      {oid::kKeyUsage, true,
       pkix::write_key_usage({static_cast<std::uint16_t>(KeyUsageBit::digitalSignature) |
                              static_cast<std::uint16_t>(KeyUsageBit::keyAgreement)})}};
  scene.draft.set(key_usage({KeyUsageBit::digitalSignature}));
  EXPECT_TRUE(check_requested(scene).ok());
}

}  // namespace
}  // namespace signet::policy
