// Renewal by a certificate that has expired.
#include <gtest/gtest.h>

#include "authority/agent_desk.h"
#include "codec/cmc/controls.h"
#include "support/renewal_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using std::chrono::days;
using std::chrono::seconds;
using store::CertificateStatus;
using store::PendingState;

class ExpiredSigner : public RenewalScene {
 protected:
  ExpiredSigner() : ExpiredSigner("") {}
  explicit ExpiredSigner(const std::string& more_lines)
      : RenewalScene("auth.expiredSignerAllowed=true\n" + more_lines) {
    ca.clock.set(end() + days{1});
  }
  Time end() { return ca.alice.certificate->validity.not_after; }
  Told renew_late(const Holder& signer, const Key& key,
                  const std::string& subject = kAlicesSubject) {
    return renew(signer, key, subject, "extra");
  }
};

TEST_F(ExpiredSigner, RenewsItselfUntilTheEndOfTheGracePeriod) {
  ca.clock.set(end() + days{30});
  const auto told = renew_late(ca.alice, ca.alice.key);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates[0]->subject, ca.alice.certificate->subject);
  bool is_on_record = false;
  for (const auto& event : told.events) {
    for (const auto& field : event.fields) {
      is_on_record = is_on_record || field.value.find("expired") != std::string::npos;
    }
  }
  EXPECT_TRUE(is_on_record);
}

TEST_F(ExpiredSigner, IsRefusedBeyondItWithTheDates) {
  ca.clock.set(end() + days{30} + seconds{1});
  expect_refused(
      renew_late(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
      "it may be renewed from " + to_text(end() - days{30}) + " to " + to_text(end() + days{30}));
}

TEST_F(ExpiredSigner, IsRefusedByProfilesThatDoNotSaySo) {
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity,
                 "expired at " + to_text(end()));
}

TEST_F(ExpiredSigner, RenewsItselfOnceNotWhatWasRenewed) {
  ASSERT_TRUE(renew_late(ca.alice, ca.alice.key).issued());
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
                 "may be renewed from");
}

TEST_F(ExpiredSigner, GetsNoOtherKeyAndNoOtherName) {
  expect_refused(renew_late(ca.alice, test_key("ec:p256", 5)), CMCFailInfo::badIdentity,
                 "with its own key alone");
  expect_refused(renew_late(ca.alice, ca.alice.key, "CN=Bob,O=Test"), CMCFailInfo::badIdentity);
  const auto renamed = cmc::write_change_subject_name(
      {.subject = unwrap(pkix::name_from_text("CN=Alicia,O=Test")), .subject_alt = {}});
  const auto request = pkcs10({.subject = kAlicesSubject,
                               .key = ca.alice.key,
                               .attributes = {attribute(cmc::oid::kChangeSubjectName, renamed)}});
  expect_refused(ca.send(signed_by(ca.alice, request), &ca.alice, "extra"),
                 CMCFailInfo::badIdentity, "expired");
}

TEST_F(ExpiredSigner, IsRefusedWhenRevokedOrHeld) {
  change_status(ca.alice, CertificateStatus::on_hold);
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "on hold");
  change_status(ca.alice, CertificateStatus::revoked);
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "revoked");
}

TEST_F(ExpiredSigner, IsRefusedWhenItIsNotOnRecordOrSomebodyElses) {
  const auto& serial = ca.alice.certificate->serial_number;
  const auto stranger = ca.forge(kAlicesSubject, serial, true);
  expect_refused(renew_late(stranger, stranger.key), CMCFailInfo::badIdentity);
  const auto unrecorded = ca.forge(kAlicesSubject, asn1::Integer::from(4711), false);
  expect_refused(renew_late(unrecorded, unrecorded.key), CMCFailInfo::badIdentity,
                 "not in its records");
  // over another's connection
  const auto message =
      signed_by(ca.alice, pkcs10({.subject = kAlicesSubject, .key = ca.alice.key}));
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(ca.send(message, &bob, "extra"), CMCFailInfo::badIdentity);
  EXPECT_TRUE(ca.send(message, &ca.alice, "extra").issued());
}

TEST_F(ExpiredSigner, DoesNothingElse) {
  cmc::RevokeRequest revoking;
  revoking.issuer_name = ca.certificate()->subject;
  revoking.serial_number = ca.alice.certificate->serial_number;
  expect_refused(ca.send(without_requests(ca.alice, {control(50, cmc::oid::kRevokeRequest,
                                                             cmc::write_revoke_request(revoking))}),
                         &ca.alice),
                 CMCFailInfo::badIdentity, "nothing else");
  const auto& serial = ca.alice.certificate->serial_number;
  expect_refused(
      ca.send(without_requests(ca.alice,
                               {control(50, cmc::oid::kGetCert,
                                        cmc::write_get_cert({ca.certificate()->subject, serial}))}),
              &ca.alice),
      CMCFailInfo::badIdentity, "nothing else");
  // not beside what it may do either
  const auto confirming = control(70, cmc::oid::kConfirmCertAcceptance,
                                  cmc::write_cmc_cert_id({ca.certificate()->subject, serial}));
  expect_refused(ca.send(without_requests(
                             ca.alice, {confirming, control(50, cmc::oid::kRevokeRequest,
                                                            cmc::write_revoke_request(revoking))}),
                         &ca.alice),
                 CMCFailInfo::badIdentity, "nothing else");
  const auto renewal = pkcs10({.subject = kAlicesSubject, .key = ca.alice.key});
  expect_refused(
      ca.send(signed_by(ca.alice, renewal,
                        {control(50, cmc::oid::kGetCert,
                                 cmc::write_get_cert({ca.certificate()->subject, serial}))}),
              &ca.alice, "extra"),
      CMCFailInfo::badIdentity, "nothing else");
  EXPECT_EQ(unwrap(ca.engine().find_certificate(serial))->status, CertificateStatus::valid);
}

TEST_F(ExpiredSigner, MayGiveUpTheChallengeOfItsRenewalAndTellsNothingElse) {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{20}};
  const auto kind_of_answer = [&] {
    const auto telling =
        control(50, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
    return ca.send(without_requests(ca.alice, {telling}), &ca.alice).kind;
  };
  EXPECT_EQ(kind_of_answer(), authority::ResponseKind::none);
  status.other_info = CMCFailInfo::popFailed;
  EXPECT_EQ(kind_of_answer(), authority::ResponseKind::full);
}

TEST_F(ExpiredSigner, IsNoAgentAnyMore) {
  expect_refused(renew_late(ca.agent, ca.agent.key), CMCFailInfo::badIdentity);
  const proof::Peer peer{ca.agent.certificate.der, "192.0.2.9"};
  EXPECT_EQ(ca.desk().list(peer, {PendingState::open, 1}).error().fault, Fault::untrusted_signer);
}

class ExpiredSignerWaits : public ExpiredSigner {
 protected:
  ExpiredSignerWaits() : ExpiredSigner("auth.explicitApprovalRequired=true") {}
};

TEST_F(ExpiredSignerWaits, MayAskWhatBecameOfItsRenewal) {
  const auto told = renew_late(ca.alice, ca.alice.key);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  const auto poll = without_requests(
      ca.alice, {control(73, cmc::oid::kQueryPending, cmc::write_octets_value(token))});
  EXPECT_EQ(ca.send(poll, &ca.alice).status.cmc_status, CMCStatus::pending);
}

}  // namespace
}  // namespace signet::test
