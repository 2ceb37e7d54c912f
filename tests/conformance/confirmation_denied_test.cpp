// That a certificate is not taken, or nobody says so in time (RFC 10002 §6.14).
#include "support/confirmation_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

TEST_F(Confirmation, DeniedByTheCertificateItselfIsAnsweredAgainWhenTheAnswerWasLost) {
  const auto fresh = enrolled();
  const auto octets = message(fresh, {confirming(fresh.certificate), status(CMCStatus::failed)});
  const auto first = ca.send(octets, &fresh);
  ASSERT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked) << first.text();
  const auto again = ca.send(octets, &fresh);
  EXPECT_EQ(again.status.cmc_status, first.status.cmc_status) << again.text();
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
  ASSERT_TRUE(change_status(ca.engine(), serial, CertificateStatus::on_hold, ca.clock.now(),
                            pkix::CRLReason::certificateHold)
                  .ok());
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
  ASSERT_TRUE(change_status(holding.engine(), serial, CertificateStatus::revoked,
                            holding.clock.now(), pkix::CRLReason::keyCompromise)
                  .ok());
  holding.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(holding.settle_overdue()), 1U);
  const auto record = unwrap(holding.engine().find_certificate(serial)).value();
  EXPECT_EQ(record.status, CertificateStatus::revoked);
  EXPECT_EQ(record.revocation_reason, pkix::CRLReason::keyCompromise);
}

}  // namespace
}  // namespace signet::test
