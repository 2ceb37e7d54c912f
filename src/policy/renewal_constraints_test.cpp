#include <gtest/gtest.h>

#include "support/compressed_key.h"
#include "support/policy_scene.h"

namespace signet::policy {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using test::fault_of;
using test::name;
using test::PolicyScene;

constexpr auto* kAllow = "allowSameKeyRenewal=true";
constexpr auto* kThirty = "renewal.graceBefore=30\nrenewal.graceAfter=30";

TEST(UniqueKeyConstraint, AllowsANewKeyAndMakesItACondition) {
  PolicyScene scene;
  ASSERT_TRUE(scene.check("uniqueKeyConstraintImpl").ok());
  ASSERT_TRUE(scene.draft.key_condition.has_value());
  EXPECT_EQ(scene.draft.key_condition->known_certificates, 0U);
  EXPECT_EQ(scene.draft.key_condition->key_hash, crypto::sha256(scene.key->public_key_info().der));
  EXPECT_EQ(scene.draft.renewed_not_after, std::nullopt);
}

TEST(UniqueKeyConstraint, RefusesEveryKnownKeyUnlessRenewalIsAllowed) {
  /* matrix: E18 */
  PolicyScene scene;
  auto& record = scene.record(scene.subject, *scene.key);
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl")), Fault::key_reuse);
  record.status = store::CertificateStatus::revoked;
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl")), Fault::key_reuse);
  record.status = store::CertificateStatus::valid;
  record.not_after = scene.now - days{1};
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl")), Fault::key_reuse);
}

TEST(UniqueKeyConstraint, AllowsRenewalForTheSameSubject) {
  PolicyScene scene;
  const auto not_after = scene.record(scene.subject, *scene.key).not_after;
  ASSERT_TRUE(scene.check("uniqueKeyConstraintImpl", kAllow).ok());
  EXPECT_EQ(scene.draft.renewed_not_after, not_after);
  EXPECT_EQ(scene.draft.key_condition->known_certificates, 1U);
}

TEST(UniqueKeyConstraint, ComparesSubjectsByX500Equality) {
  PolicyScene scene;
  scene.record(name("CN=ALICE,O=test"), *scene.key);
  EXPECT_TRUE(scene.check("uniqueKeyConstraintImpl", kAllow).ok());
}

TEST(UniqueKeyConstraint, TakesTheLatestEndOfSeveralCertificates) {
  PolicyScene scene;
  scene.record(scene.subject, *scene.key).not_after = scene.now + days{3};
  scene.record(scene.subject, *scene.key).not_after = scene.now + days{9};
  scene.record(scene.subject, *scene.key).not_after = scene.now - days{9};
  ASSERT_TRUE(scene.check("uniqueKeyConstraintImpl", kAllow).ok());
  EXPECT_EQ(scene.draft.renewed_not_after, scene.now + days{9});
  EXPECT_EQ(scene.draft.key_condition->known_certificates, 3U);
}

TEST(UniqueKeyConstraint, RefusesAKeyOfARevokedOrHeldCertificate) {
  /* matrix: E18 */
  PolicyScene scene;
  scene.record(scene.subject, *scene.key);
  auto& second = scene.record(scene.subject, *scene.key);
  second.status = store::CertificateStatus::on_hold;
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl", kAllow)), Fault::key_reuse);
  second.status = store::CertificateStatus::revoked;
  const auto refused = scene.check("uniqueKeyConstraintImpl", kAllow);
  ASSERT_EQ(fault_of(refused), Fault::key_reuse);
  EXPECT_NE(refused.error().detail.find("serial number 0x65 "), std::string::npos);
}

TEST(UniqueKeyConstraint, RefusesAKeyOfAnotherSubject) {
  /* matrix: E18 */
  PolicyScene scene;
  scene.record(name("CN=Bob,O=Test"), *scene.key);
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl", kAllow)), Fault::key_reuse);
}

TEST(UniqueKeyConstraint, RefusesAKnownKeyThatIsWrittenOtherwise) {
  /* matrix: E18 */
  PolicyScene scene;
  scene.record(scene.subject, *scene.key).status = store::CertificateStatus::revoked;
  scene.draft.public_key_info = test::compressed_key(scene.key)->public_key_info();
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl")), Fault::key_reuse);
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl", kAllow)), Fault::key_reuse);
}

TEST(UniqueKeyConstraint, FindsAKeyByTheHashThatItsFormOnceHad) {
  PolicyScene scene;
  const auto compressed = test::compressed_key(scene.key)->public_key_info();
  auto& record = scene.record(scene.subject, *scene.key);
  record.key_hash = crypto::sha256(compressed.der);
  record.status = store::CertificateStatus::revoked;
  scene.draft.public_key_info = compressed;
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl")), Fault::key_reuse);
}

TEST(UniqueKeyConstraint, LooksAtNoOtherKey) {
  PolicyScene scene;
  scene.record(scene.subject, *test::test_key("ec:p256", 1));
  EXPECT_TRUE(scene.check("uniqueKeyConstraintImpl").ok());
}

TEST(UniqueKeyConstraint, PassesOnThatTheStoreFails) {
  PolicyScene scene;
  scene.store.fails = true;
  EXPECT_EQ(fault_of(scene.check("uniqueKeyConstraintImpl", kAllow)), Fault::storage_failed);
}

TEST(RenewGracePeriodConstraint, LetsAFirstCertificatePass) {
  PolicyScene scene;
  EXPECT_TRUE(scene.check("renewGracePeriodConstraintImpl", kThirty).ok());
}

TEST(RenewGracePeriodConstraint, OpensThirtyDaysBeforeTheEndToTheSecond) {
  PolicyScene scene;
  scene.draft.renewed_not_after = scene.now + days{30};
  EXPECT_TRUE(scene.check("renewGracePeriodConstraintImpl", kThirty).ok());
  scene.draft.renewed_not_after = scene.now + days{30} + seconds{1};
  const auto refused = scene.check("renewGracePeriodConstraintImpl", kThirty);
  ASSERT_EQ(fault_of(refused), Fault::validity_not_allowed);
  EXPECT_EQ(refused.error().detail,
            "the certificate renewed ends 2026-12-23T12:00:01Z; it may be renewed from "
            "2026-11-23T12:00:01Z to 2027-01-22T12:00:01Z; it is 2026-11-23T12:00:00Z");
}

TEST(RenewGracePeriodConstraint, ClosesThirtyDaysAfterTheEndToTheSecond) {
  PolicyScene scene;
  scene.draft.renewed_not_after = scene.now - days{30};
  EXPECT_TRUE(scene.check("renewGracePeriodConstraintImpl", kThirty).ok());
  scene.draft.renewed_not_after = scene.now - days{30} - seconds{1};
  EXPECT_EQ(fault_of(scene.check("renewGracePeriodConstraintImpl", kThirty)),
            Fault::validity_not_allowed);
}

TEST(RenewGracePeriodConstraint, HasNoLimitOnASideOfZeroOrFewerDays) {
  PolicyScene scene;
  const auto* unlimited = "renewal.graceBefore=0\nrenewal.graceAfter=-1";
  scene.draft.renewed_not_after = scene.now + days{3000};
  EXPECT_TRUE(scene.check("renewGracePeriodConstraintImpl", unlimited).ok());
  scene.draft.renewed_not_after = scene.now - days{3000};
  EXPECT_TRUE(scene.check("renewGracePeriodConstraintImpl", unlimited).ok());
}

TEST(RenewGracePeriodConstraint, TakesThirtyDaysForAMissingParameterAndWarns) {
  const auto faults =
      test::faults_in_constraint("renewGracePeriodConstraintImpl", "renewal.graceAfter=1");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("warning: renewal.graceBefore"), 0U);
}

}  // namespace
}  // namespace signet::policy
