// That a certificate is taken, and by whom that is said (RFC 10002 §6.14).
#include "support/confirmation_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

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
  ASSERT_TRUE(change_status(ca.engine(), fresh.certificate->serial_number,
                            CertificateStatus::on_hold, ca.clock.now(),
                            pkix::CRLReason::certificateHold)
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

TEST_F(Confirmation, IsTakenAgainInAnotherMessageWhileTheCertificateStands) {
  const auto fresh = enrolled();
  for (int time = 0; time < 2; ++time) {
    const auto told = ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  }
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
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
