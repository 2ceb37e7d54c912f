#include <gtest/gtest.h>

#include "support/policy_scene.h"

namespace signet::policy {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using test::fault_of;
using test::PolicyScene;

TEST(ValidityDefault, BeginsAtNowPlusStartTimeAndLastsTheRange) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("validityDefaultImpl", "range=180\nstartTime=-300").ok());
  EXPECT_EQ(scene.draft.validity->not_before, scene.now - seconds{300});
  EXPECT_EQ(scene.draft.validity->not_after, scene.now - seconds{300} + days{180});
}

TEST(ValidityDefault, HasDogtagsOwnDefaults) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("validityDefaultImpl").ok());
  EXPECT_EQ(scene.draft.validity->not_before, scene.now + seconds{60});
  EXPECT_EQ(scene.draft.validity->not_after, scene.now + seconds{60} + days{7305});
}

TEST(ValidityDefault, CountsInTheUnitNamed) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("validityDefaultImpl", "range=12\nrangeUnit=hour\nstartTime=0").ok());
  EXPECT_EQ(scene.draft.validity->not_after, scene.now + std::chrono::hours{12});
}

TEST(ValidityDefault, TakesTheRangeFromTheRequestWhereToldSo) {
  PolicyScene scene;
  const auto* parameters = "range=$request.bodyPartId$\nstartTime=0";
  ASSERT_TRUE(scene.apply("validityDefaultImpl", parameters).ok());
  EXPECT_EQ(scene.draft.validity->not_after, scene.now + days{7});
  EXPECT_EQ(fault_of(scene.apply("validityDefaultImpl", "range=$request.req_subject_name.cn$")),
            Fault::validity_not_allowed);
}

TEST(ValidityDefault, RefusesAProfileWithABadNumberOrUnit) {
  EXPECT_EQ(test::faults_in_default("validityDefaultImpl", "range=many").at(0).find("error: range"),
            0U);
  EXPECT_EQ(test::faults_in_default("validityDefaultImpl", "range=0").size(), 1U);
  EXPECT_EQ(test::faults_in_default("validityDefaultImpl", "range=99999999999").size(), 1U);
  EXPECT_EQ(test::faults_in_default("validityDefaultImpl", "rangeUnit=fortnight").size(), 1U);
  EXPECT_EQ(test::faults_in_default("validityDefaultImpl", "startTime=1h").size(), 1U);
}

TEST(CaValidityDefault, MayOutliveTheAuthorityOnlyWhereToldSo) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("caValidityDefaultImpl", "range=10\nstartTime=0").ok());
  EXPECT_FALSE(scene.draft.may_outlive_authority);
  ASSERT_TRUE(scene.apply("caValidityDefaultImpl", "range=10\nbypassCAnotafter=true").ok());
  EXPECT_TRUE(scene.draft.may_outlive_authority);
}

TEST(RandomizedValidityDefault, MovesBothEndsOutwardsByLessThanItsBits) {
  PolicyScene scene;
  const auto* parameters = "range=10\nstartTime=0\nnotBeforeRandomBits=4\nnotAfterRandomBits=3";
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(scene.apply("randomizedValidityDefaultImpl", parameters).ok());
    EXPECT_LE(scene.draft.validity->not_before, scene.now);
    EXPECT_GE(scene.draft.validity->not_before, scene.now - seconds{15});
    EXPECT_GE(scene.draft.validity->not_after, scene.now + days{10});
    EXPECT_LE(scene.draft.validity->not_after, scene.now + days{10} + seconds{7});
  }
}

TEST(UserValidityDefault, TakesWhatTheRequestAsksFor) {
  PolicyScene scene;
  scene.validity = {scene.now + days{1}, scene.now + days{2}};
  ASSERT_TRUE(scene.apply("userValidityDefaultImpl").ok());
  EXPECT_EQ(scene.draft.validity->not_before, scene.now + days{1});
  EXPECT_EQ(scene.draft.validity->not_after, scene.now + days{2});
}

TEST(UserValidityDefault, BeginsNowWhenOnlyTheEndIsAskedForAndNeedsAnEnd) {
  PolicyScene scene;
  scene.validity = {{}, scene.now + days{2}};
  ASSERT_TRUE(scene.apply("userValidityDefaultImpl").ok());
  EXPECT_EQ(scene.draft.validity->not_before, scene.now);
  scene.validity = {};
  EXPECT_EQ(fault_of(scene.apply("userValidityDefaultImpl")), Fault::validity_not_allowed);
}

TEST(ValidityConstraint, AllowsExactlyItsRange) {
  PolicyScene scene;
  scene.draft.validity = {scene.now, scene.now + days{365}};
  EXPECT_TRUE(scene.check("validityConstraintImpl", "range=365").ok());
  EXPECT_TRUE(scene.check("validityConstraintImpl").ok());
  scene.draft.validity->not_after += seconds{1};
  const auto refused = scene.check("validityConstraintImpl", "range=365");
  ASSERT_EQ(fault_of(refused), Fault::validity_not_allowed);
  EXPECT_NE(refused.error().detail.find("2027-11-23T12:00:01Z"), std::string::npos);
  EXPECT_NE(refused.error().detail.find("365 days"), std::string::npos);
}

TEST(ValidityConstraint, RefusesAnEndBeforeTheBeginning) {
  PolicyScene scene;
  scene.draft.validity = {scene.now, scene.now - seconds{1}};
  EXPECT_EQ(fault_of(scene.check("validityConstraintImpl", "range=365")),
            Fault::validity_not_allowed);
}

TEST(ValidityConstraint, RefusesAFutureBeginningOnlyWhenItLooks) {
  PolicyScene scene;
  scene.draft.validity = {scene.now + seconds{61}, scene.now + days{1}};
  EXPECT_TRUE(scene.check("validityConstraintImpl", "notBeforeCheck=false").ok());
  EXPECT_FALSE(scene.check("validityConstraintImpl", "notBeforeCheck=true").ok());
  EXPECT_FALSE(
      scene.check("validityConstraintImpl", "notBeforeCheck=true\nnotBeforeGracePeriod=60").ok());
  EXPECT_TRUE(
      scene.check("validityConstraintImpl", "notBeforeCheck=true\nnotBeforeGracePeriod=61").ok());
}

TEST(ValidityConstraint, RefusesAPastEndOnlyWhenItLooks) {
  PolicyScene scene;
  scene.draft.validity = {scene.now - days{2}, scene.now - days{1}};
  EXPECT_TRUE(scene.check("validityConstraintImpl", "notAfterCheck=false").ok());
  EXPECT_EQ(fault_of(scene.check("validityConstraintImpl", "notAfterCheck=true")),
            Fault::validity_not_allowed);
}

TEST(CaValidityConstraint, DemandsAValidityInsideTheAuthoritys) {
  PolicyScene scene;
  const auto own = scene.authority.certificate->validity;
  scene.draft.validity = own;
  EXPECT_TRUE(scene.check("caValidityConstraintImpl").ok());
  scene.draft.validity = {own.not_before, own.not_after + seconds{1}};
  EXPECT_EQ(fault_of(scene.check("caValidityConstraintImpl")), Fault::validity_not_allowed);
  scene.draft.may_outlive_authority = true;
  EXPECT_TRUE(scene.check("caValidityConstraintImpl").ok());
  scene.draft.validity = {own.not_before - seconds{1}, own.not_after};
  EXPECT_EQ(fault_of(scene.check("caValidityConstraintImpl")), Fault::validity_not_allowed);
}

}  // namespace
}  // namespace signet::policy
