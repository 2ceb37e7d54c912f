#include <gtest/gtest.h>

#include "support/policy_scene.h"

namespace signet::policy {
namespace {

using crypto::KeyKind;
using test::fault_of;
using test::PolicyScene;

PolicyScene scene_with(KeyKind kind, int bits) {
  PolicyScene scene;
  scene.key_kind = kind;
  scene.key_bits = bits;
  return scene;
}

TEST(UserKeyDefault, TakesTheKeyOfTheRequest) {
  PolicyScene scene;
  scene.draft.public_key_info = {};
  ASSERT_TRUE(scene.apply("userKeyDefaultImpl").ok());
  EXPECT_EQ(scene.draft.public_key_info.der, scene.key->public_key_info().der);
}

TEST(KeyConstraint, AllowsRsaKeysOfTheSizesNamed) {
  const auto* parameters = "keyType=RSA\nkeyParameters=2048,3072,4096";
  EXPECT_TRUE(scene_with(KeyKind::rsa, 2048).check("keyConstraintImpl", parameters).ok());
  EXPECT_TRUE(scene_with(KeyKind::rsa, 4096).check("keyConstraintImpl", parameters).ok());
  EXPECT_EQ(fault_of(scene_with(KeyKind::rsa, 2047).check("keyConstraintImpl", parameters)),
            Fault::weak_key);
  EXPECT_EQ(fault_of(scene_with(KeyKind::rsa, 2560).check("keyConstraintImpl", parameters)),
            Fault::unsupported_algorithm);
  EXPECT_EQ(fault_of(scene_with(KeyKind::rsa, 8192).check("keyConstraintImpl", parameters)),
            Fault::unsupported_algorithm);
}

TEST(KeyConstraint, RefusesKeysOfAnotherType) {
  EXPECT_EQ(fault_of(scene_with(KeyKind::ec_p256, 256)
                         .check("keyConstraintImpl", "keyType=RSA\nkeyParameters=2048")),
            Fault::unsupported_algorithm);
  EXPECT_EQ(fault_of(scene_with(KeyKind::rsa, 2048)
                         .check("keyConstraintImpl", "keyType=EC\nkeyParameters=nistp256")),
            Fault::unsupported_algorithm);
  EXPECT_EQ(fault_of(scene_with(KeyKind::ed25519, 255)
                         .check("keyConstraintImpl", "keyType=EC\nkeyParameters=nistp256")),
            Fault::unsupported_algorithm);
}

TEST(KeyConstraint, AllowsOnlyTheCurvesNamed) {
  const auto* parameters = "keyType=EC\nkeyParameters=nistp256,secp521r1";
  EXPECT_TRUE(scene_with(KeyKind::ec_p256, 256).check("keyConstraintImpl", parameters).ok());
  EXPECT_TRUE(scene_with(KeyKind::ec_p521, 521).check("keyConstraintImpl", parameters).ok());
  EXPECT_EQ(fault_of(scene_with(KeyKind::ec_p384, 384).check("keyConstraintImpl", parameters)),
            Fault::unsupported_algorithm);
}

TEST(KeyConstraint, ChecksCurvesWithAnyTypeOnceOneIsNamed) {
  const auto* parameters = "keyType=-\nkeyParameters=2048,nistp256";
  EXPECT_TRUE(scene_with(KeyKind::rsa, 2048).check("keyConstraintImpl", parameters).ok());
  EXPECT_TRUE(scene_with(KeyKind::ec_p256, 256).check("keyConstraintImpl", parameters).ok());
  EXPECT_FALSE(scene_with(KeyKind::rsa, 3072).check("keyConstraintImpl", parameters).ok());
  EXPECT_FALSE(scene_with(KeyKind::ec_p384, 384).check("keyConstraintImpl", parameters).ok());
  EXPECT_FALSE(scene_with(KeyKind::ed25519, 255).check("keyConstraintImpl", parameters).ok());
}

TEST(KeyConstraint, LetsEveryCurvePassWithAnyTypeAndNoCurveNamed) {
  const auto* parameters = "keyType=-\nkeyParameters=2048";
  EXPECT_TRUE(scene_with(KeyKind::ec_p384, 384).check("keyConstraintImpl", parameters).ok());
  EXPECT_FALSE(scene_with(KeyKind::ed25519, 255).check("keyConstraintImpl", parameters).ok());
  EXPECT_EQ(test::faults_in_constraint("keyConstraintImpl", parameters).size(), 1U);
}

TEST(KeyConstraint, RefusesInWordsThatNameTheKindsAllowed) {
  const auto refused =
      scene_with(KeyKind::ed25519, 255)
          .check("keyConstraintImpl", "keyType=-\nkeyParameters=2048,3072,nistp256");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().detail,
            "the request's key is Ed25519; the profile allows RSA of 2048 or 3072 bits; or EC "
            "nistp256");
}

TEST(KeyConstraint, AllowsEdwardsKeysWhereNamed) {
  EXPECT_TRUE(scene_with(KeyKind::ed25519, 255)
                  .check("keyConstraintImpl", "keyType=-\nkeyParameters=nistp256,Ed25519")
                  .ok());
}

TEST(KeyConstraint, AllowsEveryKeyWithoutParameters) {
  EXPECT_TRUE(scene_with(KeyKind::rsa, 2048).check("keyConstraintImpl").ok());
  EXPECT_TRUE(scene_with(KeyKind::ed448, 448).check("keyConstraintImpl", "keyType=-").ok());
}

TEST(KeyConstraint, WarnsOfKeysThatAreNotOfferedAndRefusesThem) {
  const auto* parameters = "keyType=MLDSA\nkeyParameters=44,65,87";
  const auto faults = test::faults_in_constraint("keyConstraintImpl", parameters);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("warning: keyType: "), 0U);
  EXPECT_EQ(fault_of(scene_with(KeyKind::rsa, 2048).check("keyConstraintImpl", parameters)),
            Fault::unsupported_algorithm);
}

TEST(KeyConstraint, RefusesAProfileWithAnUnknownTypeOrNothingOffered) {
  EXPECT_EQ(test::faults_in_constraint("keyConstraintImpl", "keyType=DSA").at(0).find("error: "),
            0U);
  const auto faults =
      test::faults_in_constraint("keyConstraintImpl", "keyType=EC\nkeyParameters=nistb163");
  EXPECT_EQ(faults.back().find("error: keyParameters: "), 0U);
}

}  // namespace
}  // namespace signet::policy
