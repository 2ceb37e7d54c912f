// What was granted is handed out again, to a poll or to the same message: a certificate that is out
// of force by then holds back no other of its message.
#include "authority/agent_desk.h"
#include "support/change_status.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

class OutOfForce : public Life {
 protected:
  Bytes asking_for_two() {
    return message(ca.alice, {transaction()}, {request(60, 1), request(61, 2)});
  }
  static Bytes request(std::uint32_t id, int key_number) {
    return tagged(id,
                  pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", key_number)}));
  }
  static cmc::TaggedAttribute transaction() {
    return control(72, cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer{Bytes{5}}));
  }
  Told poll(ByteView token) {
    return ca.send(message(ca.alice, {transaction(), control(73, cmc::oid::kQueryPending,
                                                             cmc::write_octets_value(token))}),
                   &ca.alice);
  }
  static cmc::TaggedAttribute taking(const pkix::Certificate& certificate) {
    return control(70, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  /// A certificate that Alice is to confirm.
  pkix::Certificate awaited() {
    const auto told = ca.send(message(ca.alice, {}, {request(60, 1)}), &ca.alice, kLifeProfile);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
    return told.certificates.at(0);
  }
  void change(const asn1::Integer& serial, CertificateStatus to) {
    ASSERT_TRUE(
        change_status(ca.engine(), serial, to, ca.clock.now(), pkix::CRLReason::certificateHold)
            .ok());
  }
  /// The statuses of an answer, in order.
  static std::vector<cmc::CMCStatusInfoV2> statuses_of(const Told& told) {
    std::vector<cmc::CMCStatusInfoV2> statuses;
    for (const auto& each : told.controls) {
      if (each.attr_type != cmc::oid::kStatusInfoV2) continue;
      statuses.push_back(unwrap(cmc::read_cmc_status_info_v2(each.attr_values.front())));
    }
    return statuses;
  }
  static std::vector<cmc::BodyPartReference> parts(std::initializer_list<std::uint32_t> ids) {
    std::vector<cmc::BodyPartReference> all;
    for (const auto id : ids) all.emplace_back(cmc::BodyPartID{id});
    return all;
  }
  /// The certificate with this number alone is there; the other is named, with the reason.
  static void expect_one_of_two(const Told& told, const asn1::Integer& good,
                                std::uint32_t good_part, const asn1::Integer& bad,
                                std::uint32_t bad_part, const std::string& why) {
    ASSERT_EQ(told.certificates.size(), 1U) << told.text();
    EXPECT_EQ(told.certificates[0]->serial_number, good);
    const auto statuses = statuses_of(told);
    ASSERT_EQ(statuses.size(), 2U);
    EXPECT_EQ(statuses[0].cmc_status, CMCStatus::success);
    EXPECT_EQ(statuses[0].body_list, parts({good_part}));
    EXPECT_EQ(statuses[1].cmc_status, CMCStatus::failed);
    EXPECT_EQ(statuses[1].body_list, parts({bad_part}));
    EXPECT_EQ(std::get<CMCFailInfo>(statuses[1].other_info.value()), CMCFailInfo::badRequest);
    const auto text = statuses[1].status_string.value_or("");
    EXPECT_NE(text.find("0x" + bad.to_hex() + " " + why), std::string::npos) << text;
    EXPECT_EQ(text.find(good.to_hex()), std::string::npos) << text;
  }
};

TEST_F(OutOfForce, OneOfTwoHoldsNotBackTheOtherFromAPoll) {
  const auto octets = asking_for_two();
  const auto held = ca.send(octets, &ca.alice, "extra");
  ASSERT_EQ(held.status.cmc_status, CMCStatus::pending) << held.text();
  const auto token = std::get<cmc::PendInfo>(held.status.other_info.value()).pend_token;
  const auto decided =
      unwrap(ca.desk().decide({ca.agent.certificate.der, ""}, {token, true, {}, ""}));
  const auto& first = decided.serial_numbers.at(0);
  const auto& second = decided.serial_numbers.at(1);
  ASSERT_EQ(poll(token).certificates.size(), 2U);

  change(first, CertificateStatus::on_hold);
  expect_one_of_two(poll(token), second, 73, first, 73, "is on hold");
  expect_one_of_two(ca.send(octets, &ca.alice, "extra"), second, 61, first, 60, "is on hold");
  change(first, CertificateStatus::valid);
  EXPECT_EQ(poll(token).certificates.size(), 2U);

  change(second, CertificateStatus::revoked);
  expect_one_of_two(poll(token), first, 73, second, 73, "is revoked");
  expect_one_of_two(ca.send(octets, &ca.alice, "extra"), first, 60, second, 61, "is revoked");
  change(first, CertificateStatus::revoked);
  for (const auto& told : {poll(token), ca.send(octets, &ca.alice, "extra")}) {
    expect_refused(told, CMCFailInfo::badRequest, "is revoked since");
    EXPECT_EQ(statuses_of(told).size(), 1U);
  }
}

TEST_F(OutOfForce, OneOfTwoHoldsNotBackTheOtherFromTheSameMessage) {
  const auto octets = message(ca.agent, {}, {request(60, 1), request(61, 2)});
  const auto told = ca.send(octets, &ca.agent);
  ASSERT_EQ(told.certificates.size(), 2U) << told.text();
  const auto record = [&](int key_number) {
    const auto& info = test_key("ec:p256", key_number)->public_key_info();
    const auto& all = told.certificates;
    return (*std::find_if(all.begin(), all.end(),
                          [&](const auto& each) { return each->subject_public_key_info == info; }))
        ->serial_number;
  };
  change(record(1), CertificateStatus::revoked);
  expect_one_of_two(ca.send(octets, &ca.agent), record(2), 61, record(1), 60, "is revoked");
  change(record(2), CertificateStatus::revoked);
  expect_refused(ca.send(octets, &ca.agent), CMCFailInfo::badRequest, "is revoked since");
}

TEST_F(OutOfForce, WhatWasTakenHoldsNotBackWhatWasAskedForBesideIt) {
  const auto taken = awaited();
  const auto octets = message(ca.alice, {taking(taken)}, {request(61, 2)});
  const auto first = ca.send(octets, &ca.alice, kLifeProfile);
  ASSERT_EQ(first.certificates.size(), 1U) << first.text();
  const auto on_record = ca.certificates_on_record();
  for (const auto to : {CertificateStatus::on_hold, CertificateStatus::revoked}) {
    change(taken->serial_number, to);
    const auto again = ca.send(octets, &ca.alice, kLifeProfile);
    EXPECT_EQ(again.certificates, first.certificates);
    const auto statuses = statuses_of(again);
    ASSERT_EQ(statuses.size(), 2U) << again.text();
    EXPECT_EQ(statuses[0].cmc_status, CMCStatus::confirmRequired);
    EXPECT_EQ(statuses[0].body_list, parts({61}));
    EXPECT_EQ(statuses[1].cmc_status, CMCStatus::failed);
    EXPECT_EQ(statuses[1].body_list, parts({70}));
    EXPECT_EQ(std::get<CMCFailInfo>(statuses[1].other_info.value()), CMCFailInfo::badRequest);
  }
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(OutOfForce, WhatWasAskedForHoldsNotBackThatTheOtherWasTaken) {
  const auto taken = awaited();
  const auto octets = message(ca.alice, {taking(taken)}, {request(61, 2)});
  const auto first = ca.send(octets, &ca.alice, kLifeProfile);
  ASSERT_EQ(first.certificates.size(), 1U) << first.text();
  change(first.certificates[0]->serial_number, CertificateStatus::revoked);
  const auto again = ca.send(octets, &ca.alice, kLifeProfile);
  EXPECT_FALSE(again.issued());
  const auto statuses = statuses_of(again);
  ASSERT_EQ(statuses.size(), 2U) << again.text();
  EXPECT_EQ(statuses[0].cmc_status, CMCStatus::success);
  EXPECT_EQ(statuses[0].body_list, parts({70}));
  EXPECT_EQ(statuses[1].cmc_status, CMCStatus::failed);
  EXPECT_EQ(statuses[1].body_list, parts({61}));
  change(taken->serial_number, CertificateStatus::revoked);
  const auto nothing = ca.send(octets, &ca.alice, kLifeProfile);
  expect_refused(nothing, CMCFailInfo::badRequest, "is revoked since");
  EXPECT_EQ(statuses_of(nothing).size(), 1U);
  EXPECT_TRUE(nothing.names(70) && nothing.names(61));
}

TEST_F(OutOfForce, WhatWasTakenHoldsNotBackTheRevocationBesideIt) {
  const auto taken = awaited();
  const auto old = ca.enroll("CN=Alice,O=Test");
  const auto revoking =
      control(50, cmc::oid::kRevokeRequest,
              cmc::write_revoke_request({.issuer_name = old.certificate->issuer,
                                         .serial_number = old.certificate->serial_number,
                                         .reason = pkix::CRLReason::superseded,
                                         .invalidity_date = {},
                                         .shared_secret = {},
                                         .comment = {}}));
  const auto octets = message(ca.alice, {taking(taken), revoking});
  ASSERT_EQ(ca.send(octets, &ca.alice).status.cmc_status, CMCStatus::success);
  change(taken->serial_number, CertificateStatus::revoked);
  const auto statuses = statuses_of(ca.send(octets, &ca.alice));
  ASSERT_EQ(statuses.size(), 2U);
  EXPECT_EQ(statuses[0].body_list, parts({50}));
  EXPECT_EQ(statuses[1].body_list, parts({70}));
}

}  // namespace
}  // namespace signet::test
