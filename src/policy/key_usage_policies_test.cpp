#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "policy/key_usage_of_key.h"
#include "support/policy_scene.h"
#include "support/sample_extensions.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using pkix::KeyUsageBit;
using test::fault_of;
using test::key_usage;
using test::PolicyScene;
using test::unwrap;

constexpr auto* kUserUsage =
    "keyUsageCritical=true\nkeyUsageDigitalSignature=true\nkeyUsageNonRepudiation=true\n"
    "keyUsageKeyEncipherment=true\nkeyUsageKeyAgreement=false";

const pkix::Extension& extension_of(const PolicyScene& scene, const asn1::Oid& id) {
  const auto* extension = scene.draft.find(id);
  CHECK(extension != nullptr);
  return *extension;
}

TEST(KeyUsageDefault, GivesTheBitsThatTheProfileNames) {
  PolicyScene scene;
  scene.key = test::test_key("rsa:2048");
  ASSERT_TRUE(scene.apply("keyUsageExtDefaultImpl", kUserUsage).ok());
  EXPECT_EQ(extension_of(scene, pkix::oid::kKeyUsage),
            key_usage({KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation,
                       KeyUsageBit::keyEncipherment}));
}

TEST(KeyUsageDefault, LeavesKeyEnciphermentOutForEcKeys) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("keyUsageExtDefaultImpl", kUserUsage).ok());
  EXPECT_EQ(extension_of(scene, pkix::oid::kKeyUsage),
            key_usage({KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation}));
}

TEST(KeyUsageDefault, RefusesAKeyThatCanHaveNoneOfThem) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.apply("keyUsageExtDefaultImpl", "keyUsageKeyEncipherment=true")),
            Fault::extension_not_allowed);
}

TEST(KeyUsageDefault, RefusesAProfileWithoutAnyBit) {
  EXPECT_EQ(test::faults_in_default("keyUsageExtDefaultImpl", "keyUsageCritical=true").size(), 1U);
}

TEST(KeyUsageDefault, RefusesAProfileWithABadBoolean) {
  const auto faults = test::faults_in_default("keyUsageExtDefaultImpl",
                                              "keyUsageDigitalSignature=true\nkeyUsageCrlSign=yes");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("error: keyUsageCrlSign: 'yes'"), 0U);
}

TEST(KeyUsageConstraint, AllowsWhatItsOwnDefaultGivesForEveryKey) {
  for (const auto* kind : {"rsa:2048", "ec:p256"}) {
    PolicyScene scene;
    scene.key = test::test_key(kind);
    ASSERT_TRUE(scene.apply("keyUsageExtDefaultImpl", kUserUsage).ok());
    EXPECT_TRUE(scene.check("keyUsageExtConstraintImpl", kUserUsage).ok()) << kind;
  }
}

TEST(KeyUsageConstraint, RefusesAMissingExtension) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.check("keyUsageExtConstraintImpl", kUserUsage)),
            Fault::extension_not_allowed);
}

TEST(KeyUsageConstraint, RefusesOneBitTooManyOrTooFewAndNamesIt) {
  PolicyScene scene;
  scene.draft.set(key_usage(
      {KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation, KeyUsageBit::keyAgreement}));
  const auto too_many = scene.check("keyUsageExtConstraintImpl", kUserUsage);
  ASSERT_EQ(fault_of(too_many), Fault::extension_not_allowed);
  EXPECT_EQ(too_many.error().detail, "keyUsageKeyAgreement must be false");
  scene.draft.set(key_usage({KeyUsageBit::digitalSignature}));
  const auto too_few = scene.check("keyUsageExtConstraintImpl", kUserUsage);
  ASSERT_EQ(fault_of(too_few), Fault::extension_not_allowed);
  EXPECT_EQ(too_few.error().detail, "keyUsageNonRepudiation must be true");
}

TEST(KeyUsageConstraint, RefusesTheOtherCriticality) {
  PolicyScene scene;
  scene.draft.set(key_usage({KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation}, false));
  EXPECT_EQ(fault_of(scene.check("keyUsageExtConstraintImpl", kUserUsage)),
            Fault::extension_not_allowed);
}

TEST(KeyUsageConstraint, DoesNotLookWhereItSaysDash) {
  PolicyScene scene;
  scene.draft.set(key_usage({KeyUsageBit::keyAgreement}, false));
  EXPECT_TRUE(scene
                  .check("keyUsageExtConstraintImpl",
                         "keyUsageCritical=-\nkeyUsageDigitalSignature=-\nkeyUsageCrlSign=false")
                  .ok());
}

TEST(KeyUsageOfKey, RefusesEnciphermentForEcAndAgreementForRsa) {
  const auto ec = test::test_key("ec:p256")->public_key_info();
  const auto rsa = test::test_key("rsa:2048")->public_key_info();
  const auto agreement = key_usage({KeyUsageBit::keyAgreement});
  const auto encipherment = key_usage({KeyUsageBit::keyEncipherment});
  EXPECT_TRUE(check_key_usage_of_key({agreement}, ec).ok());
  EXPECT_EQ(fault_of(check_key_usage_of_key({encipherment}, ec)), Fault::extension_not_allowed);
  EXPECT_TRUE(check_key_usage_of_key({encipherment}, rsa).ok());
  EXPECT_EQ(fault_of(check_key_usage_of_key({agreement}, rsa)), Fault::extension_not_allowed);
  EXPECT_TRUE(check_key_usage_of_key({}, ec).ok());
}

TEST(ExtendedKeyUsageDefault, GivesThePurposesInOrder) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("extendedKeyUsageExtDefaultImpl",
                         "exKeyUsageOIDs=1.3.6.1.5.5.7.3.2,1.3.6.1.5.5.7.3.4")
                  .ok());
  const auto& extension = extension_of(scene, pkix::oid::kExtendedKeyUsage);
  EXPECT_FALSE(extension.critical);
  EXPECT_EQ(unwrap(pkix::read_extended_key_usage(extension.extn_value)),
            (std::vector<asn1::Oid>{pkix::oid::kClientAuth, pkix::oid::kEmailProtection}));
}

TEST(ExtendedKeyUsageDefault, RefusesAProfileWithoutPurposesOrWithABadOne) {
  EXPECT_EQ(test::faults_in_default("extendedKeyUsageExtDefaultImpl", "").size(), 1U);
  EXPECT_FALSE(
      test::faults_in_default("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=clientAuth")
          .empty());
}

TEST(ExtendedKeyUsageConstraint, AllowsASubsetOfItsList) {
  PolicyScene scene;
  ASSERT_TRUE(
      scene.apply("extendedKeyUsageExtDefaultImpl", "exKeyUsageOIDs=1.3.6.1.5.5.7.3.2").ok());
  EXPECT_TRUE(scene
                  .check("extendedKeyUsageExtConstraintImpl",
                         "exKeyUsageCritical=-\nexKeyUsageOIDs=1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2")
                  .ok());
  EXPECT_EQ(fault_of(scene.check("extendedKeyUsageExtConstraintImpl",
                                 "exKeyUsageOIDs=1.3.6.1.5.5.7.3.1")),
            Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(scene.check("extendedKeyUsageExtConstraintImpl",
                                 "exKeyUsageCritical=true\nexKeyUsageOIDs=1.3.6.1.5.5.7.3.2")),
            Fault::extension_not_allowed);
}

TEST(ExtendedKeyUsageConstraint, RefusesAMissingExtension) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.check("extendedKeyUsageExtConstraintImpl",
                                 "exKeyUsageOIDs=1.3.6.1.5.5.7.3.1")),
            Fault::extension_not_allowed);
}

TEST(BasicConstraintsDefault, MakesAnAuthorityWithOrWithoutPathLength) {
  PolicyScene scene;
  const std::string parameters = "basicConstraintsCritical=true\nbasicConstraintsIsCA=true\n";
  ASSERT_TRUE(
      scene.apply("basicConstraintsExtDefaultImpl", parameters + "basicConstraintsPathLen=-1")
          .ok());
  EXPECT_EQ(unwrap(pkix::read_basic_constraints(
                extension_of(scene, pkix::oid::kBasicConstraints).extn_value)),
            (pkix::BasicConstraints{true, std::nullopt}));
  ASSERT_TRUE(
      scene.apply("basicConstraintsExtDefaultImpl", parameters + "basicConstraintsPathLen=2").ok());
  EXPECT_EQ(unwrap(pkix::read_basic_constraints(
                extension_of(scene, pkix::oid::kBasicConstraints).extn_value)),
            (pkix::BasicConstraints{true, 2}));
}

TEST(BasicConstraintsDefault, GivesNoPathLengthToANonAuthority) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("basicConstraintsExtDefaultImpl", "basicConstraintsPathLen=0").ok());
  EXPECT_EQ(unwrap(pkix::read_basic_constraints(
                extension_of(scene, pkix::oid::kBasicConstraints).extn_value)),
            (pkix::BasicConstraints{false, std::nullopt}));
}

TEST(BasicConstraintsDefault, RefusesAProfileWhoseAuthorityIsNotCritical) {
  EXPECT_EQ(
      test::faults_in_default("basicConstraintsExtDefaultImpl", "basicConstraintsIsCA=true").size(),
      1U);
}

TEST(BasicConstraintsConstraint, ComparesPathLengths) {
  PolicyScene scene;
  const auto give = [&](std::optional<std::int64_t> length) {
    scene.draft.set(
        {pkix::oid::kBasicConstraints, true, pkix::write_basic_constraints({true, length})});
  };
  const auto* any = "basicConstraintsMinPathLen=-1\nbasicConstraintsMaxPathLen=-1";
  const auto* one_to_two = "basicConstraintsMinPathLen=1\nbasicConstraintsMaxPathLen=2";
  const auto* up_to_two = "basicConstraintsMaxPathLen=2";
  give(std::nullopt);
  EXPECT_TRUE(scene.check("basicConstraintsExtConstraintImpl", any).ok());
  EXPECT_FALSE(scene.check("basicConstraintsExtConstraintImpl", one_to_two).ok());
  EXPECT_FALSE(scene.check("basicConstraintsExtConstraintImpl", up_to_two).ok());
  give(2);
  EXPECT_TRUE(scene.check("basicConstraintsExtConstraintImpl", one_to_two).ok());
  EXPECT_TRUE(scene.check("basicConstraintsExtConstraintImpl", up_to_two).ok());
  give(3);
  EXPECT_EQ(fault_of(scene.check("basicConstraintsExtConstraintImpl", one_to_two)),
            Fault::extension_not_allowed);
  give(0);
  EXPECT_FALSE(scene.check("basicConstraintsExtConstraintImpl", one_to_two).ok());
}

TEST(BasicConstraintsConstraint, DemandsAuthorityAndCriticalityAsNamed) {
  PolicyScene scene;
  EXPECT_FALSE(scene.check("basicConstraintsExtConstraintImpl").ok());
  scene.draft.set(
      {pkix::oid::kBasicConstraints, true, pkix::write_basic_constraints({true, std::nullopt})});
  EXPECT_TRUE(scene.check("basicConstraintsExtConstraintImpl", "basicConstraintsIsCA=true").ok());
  EXPECT_FALSE(scene.check("basicConstraintsExtConstraintImpl", "basicConstraintsIsCA=false").ok());
  EXPECT_FALSE(
      scene.check("basicConstraintsExtConstraintImpl", "basicConstraintsCritical=false").ok());
}

}  // namespace
}  // namespace signet::policy
