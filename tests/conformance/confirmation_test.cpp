#include "support/life_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

class Confirmation : public Life {
 protected:
  cmc::TaggedAttribute confirming(const pkix::Certificate& certificate) {
    return control(70, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  static cmc::TaggedAttribute revoking(const pkix::Certificate& certificate) {
    return control(50, cmc::oid::kRevokeRequest,
                   cmc::write_revoke_request({.issuer_name = certificate->issuer,
                                              .serial_number = certificate->serial_number,
                                              .reason = cmc::CRLReason::superseded,
                                              .invalidity_date = {},
                                              .shared_secret = {},
                                              .comment = {}}));
  }
  static cmc::TaggedAttribute status(CMCStatus status) {
    cmc::CMCStatusInfoV2 info;
    info.cmc_status = status;
    info.body_list = {cmc::BodyPartID{0}};
    return control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(info));
  }
  static cmc::TaggedAttribute transaction(std::uint8_t number) {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{number}}));
  }
  /// Alice asks, and gets a certificate that she must confirm.
  Holder enrolled() {
    const auto octets =
        message(ca.alice, {transaction(7)}, {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))});
    const auto told = ca.send(octets, &ca.alice, kLifeProfile);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
    EXPECT_EQ(ca.send(octets, &ca.alice, kLifeProfile).status.cmc_status,
              CMCStatus::confirmRequired);
    return {test_key(), told.certificates.at(0)};
  }
  bool is_awaited(const Holder& holder) {
    return unwrap(ca.engine().find_awaited(holder.certificate->serial_number)).has_value();
  }
};

TEST_F(Confirmation, IsAskedForAndTaken) {
  /* matrix: C69, E127 */
  const auto fresh = enrolled();
  ASSERT_TRUE(is_awaited(fresh));
  const auto octets =
      message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::success)});
  for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
    const auto told = ca.send(octets, &ca.alice);
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(70));
  }
  EXPECT_FALSE(is_awaited(fresh));
  ca.clock.advance(std::chrono::days{2});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
}

TEST_F(Confirmation, ThatComesAgainIsNotToldAsTakenWhileTheCertificateIsOnHold) {
  const auto fresh = enrolled();
  const auto octets = message(ca.alice, {confirming(fresh.certificate)});
  EXPECT_EQ(ca.send(octets, &ca.alice).status.cmc_status, CMCStatus::success);
  ASSERT_TRUE(ca.engine()
                  .change_status(fresh.certificate->serial_number, CertificateStatus::on_hold,
                                 ca.clock.now(), 6)
                  .ok());
  expect_refused(ca.send(octets, &ca.alice), CMCFailInfo::badRequest, "on hold");
}

TEST_F(Confirmation, BesideARequestWithoutNonceIsAskedAnewADayLater) {
  const auto fresh = enrolled();
  const auto octets = full_request({ca.agent.key, ca.agent.certificate},
                                   {tagged(60, pkcs10({.subject = "CN=Printer,O=Test"}))},
                                   {confirming(fresh.certificate)})
                          .encode();
  const auto first = ca.send(octets, &ca.agent);
  ASSERT_TRUE(first.issued()) << first.text();
  EXPECT_EQ(ca.send(octets, &ca.agent).certificates, first.certificates);
  ca.clock.advance(std::chrono::hours{25});
  const auto second = ca.send(octets, &ca.agent);
  ASSERT_TRUE(second.issued()) << second.text();
  EXPECT_NE(second.certificates, first.certificates);
}

TEST_F(Confirmation, OfWhatIsUnknownLeavesNothingInTheJournalAsDone) {
  const auto told = ca.send(
      message(ca.agent, {confirming(ca.forge("CN=X", asn1::Integer::from(77), false).certificate)},
              {tagged(60, pkcs10({.subject = "CN=Printer,O=Test"}))}),
      &ca.agent);
  expect_refused(told, CMCFailInfo::badCertId);
  EXPECT_FALSE(told.has_event("CERT_REQUEST_PROCESSED", EventOutcome::success));
  EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", EventOutcome::failure));
}

TEST_F(Confirmation, MayComeFromTheCertificateItself) {
  const auto fresh = enrolled();
  const auto told = ca.send(message(fresh, {confirming(fresh.certificate)}), &fresh);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, DeniedByTheCertificateItselfIsAnsweredAgainWhenTheAnswerWasLost) {
  const auto fresh = enrolled();
  const auto octets = message(fresh, {confirming(fresh.certificate), status(CMCStatus::failed)});
  const auto first = ca.send(octets, &fresh);
  ASSERT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked) << first.text();
  const auto again = ca.send(octets, &fresh);
  EXPECT_EQ(again.status.cmc_status, first.status.cmc_status) << again.text();
}

TEST_F(Confirmation, OfOneCertificateIsSaidOnceInAMessage) {
  const auto fresh = enrolled();
  auto second = confirming(fresh.certificate);
  second.body_part_id.value = 73;
  expect_refused(ca.send(message(ca.alice, {confirming(fresh.certificate), second}), &ca.alice),
                 CMCFailInfo::badRequest, "two controls");
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(Confirmation, IsNotSaidBesideTheRevocationOfTheSameCertificate) {
  const auto fresh = enrolled();
  const std::vector<cmc::TaggedAttribute> both{
      revoking(fresh.certificate), confirming(fresh.certificate), status(CMCStatus::failed)};
  expect_refused(ca.send(message(ca.alice, both), &ca.alice), CMCFailInfo::badRequest,
                 "two controls");
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(Confirmation, BringsACertificateThatIsAskedForBesideIt) {
  const auto fresh = enrolled();
  const auto asking = control(
      50, cmc::oid::kGetCert,
      cmc::write_get_cert({ca.certificate()->subject, ca.agent.certificate->serial_number}));
  const auto octets = message(ca.alice, {confirming(fresh.certificate), asking});
  for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
    const auto told = ca.send(octets, &ca.alice);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(70) && told.names(50));
    ASSERT_EQ(told.certificates.size(), 1U);
    EXPECT_EQ(told.certificates[0], ca.agent.certificate);
  }
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, IsNotTakenBesideACertificateThatIsUnknown) {
  const auto fresh = enrolled();
  const auto asking =
      control(50, cmc::oid::kGetCert,
              cmc::write_get_cert({ca.certificate()->subject, asn1::Integer{Bytes{0x12, 0x34}}}));
  expect_refused(ca.send(message(ca.alice, {confirming(fresh.certificate), asking}), &ca.alice),
                 CMCFailInfo::badCertId);
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(Confirmation, MayStandBesideTheRevocationOfAnotherCertificate) {
  const auto fresh = enrolled();
  const auto old = ca.enroll("CN=Alice,O=Test");
  const auto octets = message(ca.alice, {confirming(fresh.certificate), revoking(old.certificate)});
  for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
    const auto told = ca.send(octets, &ca.alice);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(70) && told.names(50));
  }
  EXPECT_FALSE(is_awaited(fresh));
  EXPECT_EQ(record_of(old.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, IsNotSaidBesideARequestThatWaits) {
  const auto fresh = enrolled();
  const auto told = ca.send(
      message(ca.alice, {confirming(fresh.certificate)},
              {tagged(60, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}))}),
      &ca.alice, "extra");
  expect_refused(told, CMCFailInfo::badRequest, "not answered yet");
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(Confirmation, IsNobodyElses) {
  const auto fresh = enrolled();
  const auto bob = ca.enroll("CN=Bob,O=Test");
  for (const auto said : {CMCStatus::success, CMCStatus::failed}) {
    expect_refused(ca.send(message(bob, {confirming(fresh.certificate), status(said)}), &bob),
                   CMCFailInfo::badIdentity);
  }
  // by the transaction alone, Bob reaches his own transactions only
  ca.send(message(bob, {transaction(7), status(CMCStatus::failed)}), &bob);
  EXPECT_TRUE(is_awaited(fresh));
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
}

TEST_F(Confirmation, IsNotAForeignIssuersCertificatesThatHasTheSameSerialNumber) {
  TestCa foreign{"CN=Elsewhere,O=Test"};
  auto made = choices();
  made.foreign_issuers = {foreign.certificate()};
  TestAuthority trusting{made};
  const auto told = trusting.send(trusting.request(trusting.alice, "CN=Alice,O=Test").octets,
                                  &trusting.alice, kLifeProfile);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  const auto& fresh = told.certificates.at(0);
  const auto namesake =
      foreign.issue({.subject = "CN=Mallory,O=Test", .serial_number = fresh->serial_number});
  const Holder mallory{namesake.key, namesake.certificate};
  for (const auto said : {CMCStatus::failed, CMCStatus::success}) {
    expect_refused(trusting.send(message(mallory, {confirming(fresh), status(said)}), &mallory),
                   CMCFailInfo::badIdentity, "was granted to somebody else");
  }
  const auto record = unwrap(trusting.engine().find_certificate(fresh->serial_number)).value();
  EXPECT_EQ(record.status, CertificateStatus::valid);
  EXPECT_TRUE(unwrap(trusting.engine().find_awaited(fresh->serial_number)));
}

TEST_F(Confirmation, OfWhatIsUnknownIsBadCertId) {
  auto unknown = ca.alice.certificate;
  unknown.tbs.value.serial_number = asn1::Integer{Bytes{0x12, 0x34}};
  expect_refused(ca.send(message(ca.alice, {confirming(unknown)}), &ca.alice),
                 CMCFailInfo::badCertId);
  auto elsewhere = enrolled().certificate;
  elsewhere.tbs.value.issuer = elsewhere->subject;
  expect_refused(ca.send(message(ca.alice, {confirming(elsewhere)}), &ca.alice),
                 CMCFailInfo::badCertId);
}

TEST_F(Confirmation, ThatIsDeniedRevokes) {
  const auto fresh = enrolled();
  const auto told = ca.send(
      message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, ThatIsDeniedInTheFirstVersionOfAStatusRevokesToo) {
  /* matrix: C06 */
  const auto fresh = enrolled();
  cmc::CMCStatusInfo info;
  info.cmc_status = CMCStatus::failed;
  info.body_list = {cmc::BodyPartID{0}};
  const auto denied = control(71, cmc::oid::kStatusInfo, cmc::write_cmc_status_info(info));
  ca.send(message(ca.alice, {confirming(fresh.certificate), denied}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, ThatIsDeniedRevokesWhatIsOnHold) {
  const auto fresh = enrolled();
  const auto& serial = fresh.certificate->serial_number;
  ASSERT_TRUE(
      ca.engine().change_status(serial, CertificateStatus::on_hold, ca.clock.now(), 6).ok());
  ca.send(message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, ThatIsDeniedByTheTransactionRevokes) {
  const auto fresh = enrolled();
  const auto challenge = control(40, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes(16, 1)));
  ca.send(message(ca.alice, {transaction(8), status(CMCStatus::failed)}), &ca.alice);
  ca.send(message(ca.alice, {transaction(7), status(CMCStatus::success)}), &ca.alice);
  ca.send(message(ca.alice, {transaction(7), status(CMCStatus::failed), challenge}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
  ca.send(message(ca.alice, {transaction(7), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, IsNotDeniedByTheTransactionBesideARequest) {
  const auto fresh = enrolled();
  const auto more =
      tagged(61, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}));
  const auto told = ca.send(message(ca.alice, {transaction(7), status(CMCStatus::failed)}, {more}),
                            &ca.alice, kLifeProfile);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  EXPECT_EQ(told.certificates.size(), 1U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
  EXPECT_TRUE(is_awaited(fresh));
  // Nor is it said beside a request that waits: that would be refused.
  const auto next =
      tagged(62, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 2)}));
  const auto waits = ca.send(message(ca.alice, {transaction(7), status(CMCStatus::failed)}, {next}),
                             &ca.alice, "extra");
  EXPECT_EQ(waits.status.cmc_status, CMCStatus::pending) << waits.text();
}

TEST_F(Confirmation, ThatIsDeniedByNameLeavesTheOthersOfItsTransaction) {
  const auto fresh = enrolled();
  const auto more =
      tagged(61, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}));
  const auto other =
      ca.send(message(ca.alice, {transaction(7)}, {more}), &ca.alice, kLifeProfile).certificates;
  ASSERT_EQ(other.size(), 1U);
  const auto told =
      ca.send(message(ca.alice, {transaction(7), confirming(other[0]), status(CMCStatus::failed)}),
              &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(record_of(other[0]).status, CertificateStatus::revoked);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(Confirmation, ThatDoesNotComeInTimeRevokesAndIsTold) {
  const auto fresh = enrolled();
  ca.clock.advance(std::chrono::hours{24});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  ca.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 1U);
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, IsAwaitedByAClockThatGoesBackAndOverdueByOneAYearAhead) {
  const auto fresh = enrolled();
  ca.clock.advance(-std::chrono::hours{1});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  ca.clock.advance(std::chrono::days{365});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 1U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  ca.clock.advance(-std::chrono::days{365});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked) << "for good";
  expect_refused(ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice),
                 CMCFailInfo::badRequest, "not confirmed in time");
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, ThatComesTooLateIsToldSo) {
  const auto fresh = enrolled();
  ca.clock.advance(std::chrono::hours{25});
  ASSERT_EQ(unwrap(ca.settle_overdue()), 1U);
  const auto told = ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice);
  expect_refused(told, CMCFailInfo::badRequest, "not confirmed in time");
  EXPECT_TRUE(told.names(70));
  // That it is not taken, is what became of it.
  const auto denied = ca.send(
      message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(denied.status.cmc_status, CMCStatus::success) << denied.text();
}

TEST_F(Confirmation, OfWhatWasRevokedMeanwhileIsToldSo) {
  const auto fresh = enrolled();
  ca.send(message(ca.agent, {revoking(fresh.certificate)}), &ca.agent);
  ASSERT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  ASSERT_TRUE(is_awaited(fresh));
  expect_refused(ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice),
                 CMCFailInfo::badRequest, "is revoked since");
}

TEST_F(Confirmation, IsTakenAgainInAnotherMessageWhileTheCertificateStands) {
  const auto fresh = enrolled();
  for (int time = 0; time < 2; ++time) {
    const auto told = ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  }
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
}

TEST_F(Confirmation, ThatDoesNotComeHoldsWhereTheOperatorWantsThat) {
  auto made = choices();
  made.settings.unconfirmed = authority::Unconfirmed::held;
  TestAuthority holding{made};
  const auto told = holding.send(holding.request(holding.alice, "CN=Alice,O=Test").octets,
                                 &holding.alice, kLifeProfile);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  holding.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(holding.settle_overdue()), 1U);
  const auto& serial = told.certificates.at(0)->serial_number;
  const auto record = unwrap(holding.engine().find_certificate(serial)).value();
  EXPECT_EQ(record.status, CertificateStatus::on_hold);
  expect_refused(
      holding.send(message(holding.alice, {confirming(told.certificates.at(0))}), &holding.alice),
      CMCFailInfo::badRequest, "is on hold since");
}

TEST_F(Confirmation, ThatDoesNotComeLeavesRevokedWhatIsRevoked) {
  auto made = choices();
  made.settings.unconfirmed = authority::Unconfirmed::held;
  TestAuthority holding{made};
  const auto told = holding.send(holding.request(holding.alice, "CN=Alice,O=Test").octets,
                                 &holding.alice, kLifeProfile);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  const auto& serial = told.certificates.at(0)->serial_number;
  ASSERT_TRUE(holding.engine()
                  .change_status(serial, CertificateStatus::revoked, holding.clock.now(), 1)
                  .ok());
  holding.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(holding.settle_overdue()), 1U);
  const auto record = unwrap(holding.engine().find_certificate(serial)).value();
  EXPECT_EQ(record.status, CertificateStatus::revoked);
  EXPECT_EQ(record.revocation_reason, 1);
}

TEST_F(Confirmation, OfDogtagsMessageIsReadAndRefusedForWhatIsWrongInIt) {
  constexpr const char* kMessage = "interop/dogtag/07-idproofv1-confirm.der";
  SIGNET_NEEDS_SHARED(kMessage);
  const auto read = unwrap(cmc::read_pki_request(shared_file(kMessage)));
  const auto& data = std::get<cmc::FullPkiRequest>(read).pki_data;
  std::vector<Bytes> requests;
  for (const auto& request : data.req_sequence) requests.push_back(request.der);
  // Its controls and request, signed by an agent of ours in the place of its own.
  const auto send = [&](const std::vector<cmc::TaggedAttribute>& controls) {
    return ca.send(full_request({ca.agent.key, ca.agent.certificate}, requests, controls).encode(),
                   &ca.agent);
  };
  const auto before = ca.certificates_on_record();
  // A link to a shared secret, though a certificate proves who asks.
  expect_refused(send(data.control_sequence), CMCFailInfo::popFailed, "popLinkRandom");
  // Without it: certificate 7 of CN=CA,O=EXAMPLE was never granted here.
  auto controls = data.control_sequence;
  std::erase_if(controls,
                [](const auto& each) { return each.attr_type == cmc::oid::kPopLinkRandom; });
  const auto unknown = send(controls);
  expect_refused(unknown, CMCFailInfo::badCertId, "CN=CA,O=EXAMPLE");
  EXPECT_TRUE(unknown.names(1));
  EXPECT_EQ(ca.certificates_on_record(), before);
  // And without that: granted, the proof of version 1 passed over.
  std::erase_if(controls, [](const auto& each) {
    return each.attr_type == cmc::oid::kConfirmCertAcceptance;
  });
  const auto granted = send(controls);
  EXPECT_EQ(granted.status.cmc_status, CMCStatus::success) << granted.text();
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

}  // namespace
}  // namespace signet::test
