// Renewal: with the same key, and in its time (RFC 10002 §3.2, §7.1).
#include <gtest/gtest.h>

#include "support/compressed_key.h"
#include "support/renewal_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using std::chrono::days;
using std::chrono::seconds;
using store::CertificateStatus;

class Renewal : public RenewalScene {
 protected:
  Renewal()
      : RenewalScene("policyset.cmcUserCertSet.9.constraint.params.allowSameKeyRenewal=false") {}
};

TEST_F(Renewal, KeepsTheKeyFromThirtyDaysBeforeTheEnd) {
  const auto end = ca.alice.certificate->validity.not_after;
  ca.clock.set(end - days{30} - seconds{1});
  expect_refused(
      renew(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
      "it may be renewed from " + to_text(end - days{30}) + " to " + to_text(end + days{30}));
  ca.clock.set(end - days{30});
  const auto told = renew(ca.alice, ca.alice.key);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates[0]->subject_public_key_info,
            ca.alice.certificate->subject_public_key_info);
}

TEST_F(Renewal, EndsThirtyDaysAfterTheEnd) {
  const auto end = ca.alice.certificate->validity.not_after;
  ca.clock.set(end - days{1});
  const auto second =
      ca.enroll(kAlicesSubject);  // signs in the place of the one that will have expired
  ca.clock.set(end + days{30} + seconds{1});
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::badRequest,
                 "to " + to_text(end + days{30}));
  ca.clock.set(end + days{30});
  EXPECT_TRUE(renew(second, ca.alice.key).issued());
}

TEST_F(Renewal, IsJudgedByTheNewestCertificateOfTheKey) {
  ca.clock.advance(days{61});
  ASSERT_TRUE(renew(ca.alice, ca.alice.key).issued());
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badRequest, "may be renewed from");
}

TEST_F(Renewal, OfAKeyWithARevokedOrHeldCertificateIsRefused) {
  /* matrix: E18 */
  const auto second = ca.enroll(kAlicesSubject);
  ca.clock.advance(days{61});
  change_status(ca.alice, CertificateStatus::on_hold);
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "on hold");
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "on hold");
  change_status(ca.alice, CertificateStatus::revoked);
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "revoked");
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "revoked");
  // nor does a newer one in force make up for it
  Holder third{ca.alice.key, {}};
  auto tbs = second.certificate.tbs.value;
  tbs.serial_number = asn1::Integer::from(4711);
  tbs.subject_public_key_info = ca.alice.key->public_key_info();
  ca.record(TestAuthority::sign(tbs, ca.key()));
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "revoked");
}

TEST_F(Renewal, OfAnothersCertificateIsRefused) {
  /* matrix: E82 */
  const auto bob = ca.enroll("CN=Bob,O=Test");
  ca.clock.advance(days{61});
  expect_refused(renew(ca.alice, bob.key, "CN=Bob,O=Test"), CMCFailInfo::badIdentity);
  expect_refused(renew(ca.alice, bob.key), CMCFailInfo::noKeyReuse, "another subject");
  EXPECT_TRUE(renew(bob, bob.key, "CN=Bob,O=Test").issued());
}

TEST_F(Renewal, WantsANewKeyWhereTheProfileSaysSo) {
  /* matrix: E18 */
  ca.clock.advance(days{61});
  expect_refused(renew(ca.alice, ca.alice.key, kAlicesSubject, "extra"), CMCFailInfo::noKeyReuse,
                 "the profile wants a new key");
  EXPECT_TRUE(renew(ca.alice, test_key("ec:p256", 5), kAlicesSubject, "extra").issued());
}

TEST_F(Renewal, WithANewKeyIsNotBoundToATime) {
  EXPECT_TRUE(renew(ca.alice, test_key("ec:p256", 5)).issued());
}

TEST_F(Renewal, ByAnExpiredCertificateIsRefusedUnlessAProfileSaysOtherwise) {
  ca.clock.advance(days{91});
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "expired");
}

TEST_F(Renewal, OfARevokedKeyIsRefusedHoweverTheKeyIsWritten) {
  /* matrix: E18 */
  const auto key = test_key("ec:p256", 5);
  const auto told = renew(ca.alice, key);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto& serial = told.certificates[0]->serial_number;
  ASSERT_TRUE(test::change_status(ca.engine(), serial, CertificateStatus::revoked, ca.clock.now(),
                                  pkix::CRLReason::keyCompromise)
                  .ok());
  expect_refused(renew(ca.alice, key), CMCFailInfo::noKeyReuse, "revoked");
  expect_refused(renew(ca.alice, compressed_key(key)), CMCFailInfo::noKeyReuse, "revoked");
}

TEST_F(Renewal, OfAKeyThatWasWrittenOtherwiseIsSeen) {
  /* matrix: E18 */
  const auto key = test_key("ec:p256", 5);
  ASSERT_TRUE(renew(ca.alice, compressed_key(key), kAlicesSubject, "extra").issued());
  expect_refused(renew(ca.alice, key, kAlicesSubject, "extra"), CMCFailInfo::noKeyReuse);
}

TEST_F(Renewal, TakesNoKeyTwiceInOneMessageHoweverItIsWritten) {
  const auto key = test_key("ec:p256", 5);
  const auto first = tagged(60, pkcs10({.subject = kAlicesSubject, .key = key}));
  const auto second = tagged(61, pkcs10({.subject = kAlicesSubject, .key = compressed_key(key)}));
  const auto message = full_request({ca.alice.key, ca.alice.certificate}, {first, second}).encode();
  expect_refused(ca.send(message, &ca.alice), CMCFailInfo::noKeyReuse, "the same public key");
}

}  // namespace
}  // namespace signet::test
