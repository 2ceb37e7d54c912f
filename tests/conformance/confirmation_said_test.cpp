// What statuses say of which certificate (RFC 10002 §6.14, AMB-18). What is clear stands beside the
// nearest things that are not.
#include "support/confirmation_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

class SaidOfCertificates : public Confirmation {
 protected:
  struct Saying {
    CMCStatus status = CMCStatus::failed;
    std::vector<cmc::BodyPartReference> about;
    std::optional<cmc::OtherStatusInfo> why = {};
  };
  static cmc::TaggedAttribute said(std::uint32_t id, const Saying& saying) {
    cmc::CMCStatusInfoV2 info;
    info.cmc_status = saying.status;
    info.body_list = saying.about;
    info.other_info = saying.why;
    return control(id, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(info));
  }
  static cmc::TaggedAttribute said(std::uint32_t id, CMCStatus status, std::uint32_t about) {
    return said(id, Saying{status, {cmc::BodyPartID{about}}});
  }
  static cmc::TaggedAttribute said_by_first_version(std::uint32_t id, CMCStatus status,
                                                    std::uint32_t about) {
    cmc::CMCStatusInfo info;
    info.cmc_status = status;
    info.body_list = {cmc::BodyPartID{about}};
    return control(id, cmc::oid::kStatusInfo, cmc::write_cmc_status_info(info));
  }
  cmc::TaggedAttribute confirming(std::uint32_t id, const Holder& holder) {
    auto made = Confirmation::confirming(holder.certificate);
    made.body_part_id.value = id;
    return made;
  }
  /// Another one of Alice's, in the transaction of `enrolled`.
  Holder enrolled_too() {
    const auto more =
        tagged(61, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}));
    const auto told = ca.send(message(ca.alice, {transaction(7)}, {more}), &ca.alice, kLifeProfile);
    return {test_key("ec:p256", 1), told.certificates.at(0)};
  }
  Told send(const std::vector<cmc::TaggedAttribute>& controls) {
    return ca.send(message(ca.alice, controls), &ca.alice);
  }
  CertificateStatus status_of(const Holder& holder) { return record_of(holder.certificate).status; }
  void expect_unclear(const std::vector<cmc::TaggedAttribute>& controls, const Holder& about,
                      std::uint32_t named) {
    const auto told = send(controls);
    expect_refused(told, CMCFailInfo::badRequest);
    EXPECT_TRUE(told.names(named)) << told.text();
    EXPECT_TRUE(is_awaited(about));
    EXPECT_EQ(status_of(about), CertificateStatus::valid);
  }
};

TEST_F(SaidOfCertificates, IsOfTheOneThatTheStatusNames) {
  /* matrix: E125, E127 */
  const auto kept = enrolled();
  const auto not_wanted = enrolled_too();
  const auto octets =
      message(ca.alice, {confirming(50, kept), said(52, CMCStatus::success, 50),
                         confirming(51, not_wanted), said(53, CMCStatus::failed, 51)});
  for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
    const auto told = ca.send(octets, &ca.alice);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(50) && told.names(51));
    EXPECT_EQ(status_of(kept), CertificateStatus::valid);
    EXPECT_EQ(status_of(not_wanted), CertificateStatus::revoked);
    EXPECT_FALSE(is_awaited(kept) || is_awaited(not_wanted));
  }
}

TEST_F(SaidOfCertificates, IsOfAllWhereTheStatusNamesTheMessage) {
  const auto one = enrolled();
  const auto other = enrolled_too();
  const auto told =
      send({confirming(50, one), confirming(51, other), said(52, CMCStatus::failed, 0)});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(status_of(one), CertificateStatus::revoked);
  EXPECT_EQ(status_of(other), CertificateStatus::revoked);
}

TEST_F(SaidOfCertificates, IsThatItIsTakenWhereNoStatusNamesIt) {
  const auto kept = enrolled();
  const auto not_wanted = enrolled_too();
  send({confirming(50, kept), confirming(51, not_wanted), said(52, CMCStatus::failed, 51)});
  EXPECT_EQ(status_of(kept), CertificateStatus::valid);
  EXPECT_FALSE(is_awaited(kept));
  EXPECT_EQ(status_of(not_wanted), CertificateStatus::revoked);
}

TEST_F(SaidOfCertificates, MayBeSaidInBothVersionsAndByAPathOfOneStep) {
  const auto fresh = enrolled();
  const auto told = send({confirming(50, fresh), said_by_first_version(52, CMCStatus::failed, 50),
                          said(53, {.about = {cmc::BodyPartPath{cmc::BodyPartID{50}}},
                                    .why = CMCFailInfo::badIdentity})});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
}

TEST_F(SaidOfCertificates, IsNotWhatContradictsItself) {
  const auto fresh = enrolled();
  expect_unclear(
      {confirming(50, fresh), said(52, CMCStatus::success, 0), said(53, CMCStatus::failed, 50)},
      fresh, 50);
  expect_unclear({confirming(50, fresh), said(52, CMCStatus::success, 50),
                  said_by_first_version(53, CMCStatus::failed, 50)},
                 fresh, 53);
  const auto told =
      send({transaction(7), said(52, CMCStatus::success, 0), said(53, CMCStatus::failed, 0)});
  expect_refused(told, CMCFailInfo::badRequest, "another that it is not");
  EXPECT_TRUE(told.names(52) && told.names(53));
  EXPECT_TRUE(is_awaited(fresh));
}

TEST_F(SaidOfCertificates, IsNotWhatNamesSomethingElse) {
  const auto fresh = enrolled();
  const auto into_another = cmc::BodyPartPath{cmc::BodyPartID{50}, cmc::BodyPartID{1}};
  expect_unclear(
      {confirming(50, fresh), said(52, CMCStatus::success, 50), said(53, CMCStatus::failed, 77)},
      fresh, 53);
  expect_unclear({confirming(50, fresh), said(53, CMCStatus::success, 77)}, fresh, 53);
  expect_unclear({confirming(50, fresh), said(53, {.about = {into_another}})}, fresh, 53);
  // Another part of the message is not a certificate that could be rejected.
  expect_unclear({confirming(50, fresh), transaction(7), said(53, CMCStatus::failed, 72)}, fresh,
                 53);
  const auto told =
      send({confirming(50, fresh), transaction(7),
            said(53, {CMCStatus::success, {cmc::BodyPartID{50}, cmc::BodyPartID{72}}})});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(SaidOfCertificates, IsNeitherTakenNorRejectedByAnotherStatus) {
  const auto fresh = enrolled();
  for (const auto other : {CMCStatus::noSupport, CMCStatus::confirmRequired, CMCStatus::popRequired,
                           CMCStatus::partial}) {
    expect_unclear({confirming(50, fresh), said(53, other, 50)}, fresh, 53);
  }
}

TEST_F(SaidOfCertificates, IsNothingWhereTheStatusCannotBeRead) {
  const auto fresh = enrolled();
  const auto empty_list = control(53, cmc::oid::kStatusInfoV2,
                                  {0x30, 0x08, 0x02, 0x01, 0x02, 0x30, 0x00, 0x02, 0x01, 0x07});
  const auto octet_string = control(53, cmc::oid::kStatusInfoV2, {0x04, 0x01, 0x78});
  const auto of_first_version = control(53, cmc::oid::kStatusInfo, {0x04, 0x01, 0x78});
  for (const auto& unreadable : {empty_list, octet_string, of_first_version}) {
    expect_unclear({confirming(50, fresh), unreadable}, fresh, 53);
    const auto request = tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}));
    const auto told = ca.send(message(ca.alice, {unreadable}, {request}), &ca.alice, "extra");
    expect_refused(told, CMCFailInfo::badRequest);
    EXPECT_TRUE(told.names(53));
  }
}

TEST_F(SaidOfCertificates, IsNotSaidByPopFailedWhichIsAboutAChallenge) {
  /* matrix: E111 */
  const auto fresh = enrolled();
  const auto pop_failed = [](std::uint32_t about) {
    return said(53, {.about = {cmc::BodyPartID{about}}, .why = CMCFailInfo::popFailed});
  };
  expect_unclear({confirming(50, fresh), pop_failed(50)}, fresh, 53);
  expect_unclear({confirming(50, fresh), pop_failed(0)}, fresh, 53);
  send({transaction(7), pop_failed(1)});
  send({transaction(7), pop_failed(0)});
  EXPECT_TRUE(is_awaited(fresh));
  EXPECT_EQ(status_of(fresh), CertificateStatus::valid);
  expect_unclear({confirming(50, fresh), pop_failed(1)}, fresh, 53);
}

TEST_F(SaidOfCertificates, IsNotLostBesidePopFailed) {
  const auto fresh = enrolled();
  const auto pop_failed = said(54, {.about = {cmc::BodyPartID{0}}, .why = CMCFailInfo::popFailed});
  const auto told = send({transaction(7), said(53, CMCStatus::failed, 0), pop_failed});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
}

TEST_F(SaidOfCertificates, OfTheTransactionNamesTheMessageAsAWhole) {
  const auto fresh = enrolled();
  expect_unclear({transaction(7), said(53, CMCStatus::failed, 60)}, fresh, 53);
  const auto told = send({transaction(7), said(53, CMCStatus::failed, 0)});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
}

// ------------------------------------------------------------ said too late

TEST_F(SaidOfCertificates, RejectsNothingThatWasTaken) {
  const auto fresh = enrolled();
  ASSERT_EQ(send({confirming(50, fresh)}).status.cmc_status, CMCStatus::success);
  const auto rejected = send({confirming(50, fresh), said(53, CMCStatus::failed, 50)});
  expect_refused(rejected, CMCFailInfo::badRequest, "revokeRequest");
  EXPECT_TRUE(rejected.names(50));
  expect_refused(send({transaction(7), said(53, CMCStatus::failed, 0)}), CMCFailInfo::badRequest,
                 "revokeRequest");
  EXPECT_EQ(status_of(fresh), CertificateStatus::valid);
  ASSERT_EQ(send({revoking(fresh.certificate)}).status.cmc_status, CMCStatus::success);
  const auto withdrawn = send({confirming(50, fresh), said(53, CMCStatus::failed, 50)});
  EXPECT_EQ(withdrawn.status.cmc_status, CMCStatus::success) << withdrawn.text();
}

TEST_F(SaidOfCertificates, RejectsNothingThatIsHeldWhereItWouldBeRevoked) {
  const auto fresh = enrolled();
  ASSERT_EQ(send({confirming(50, fresh)}).status.cmc_status, CMCStatus::success);
  ASSERT_TRUE(change_status(ca.engine(), fresh.certificate->serial_number,
                            CertificateStatus::on_hold, ca.clock.now(),
                            pkix::CRLReason::certificateHold)
                  .ok());
  expect_refused(send({confirming(50, fresh), said(53, CMCStatus::failed, 50)}),
                 CMCFailInfo::badRequest, "revokeRequest");
  EXPECT_EQ(status_of(fresh), CertificateStatus::on_hold);
}

TEST_F(SaidOfCertificates, OfWhatWaitsNoMoreIsSaidByWhoseItIs) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  for (const auto word : {CMCStatus::success, CMCStatus::failed}) {
    const std::vector<cmc::TaggedAttribute> saying{confirming(50, bob), said(53, word, 50)};
    expect_refused(send(saying), CMCFailInfo::badIdentity, "somebody else");
  }
  EXPECT_EQ(status_of(bob), CertificateStatus::valid);
  const std::vector<cmc::TaggedAttribute> taking{confirming(50, bob)};
  EXPECT_EQ(ca.send(message(bob, taking), &bob).status.cmc_status, CMCStatus::success);
  EXPECT_EQ(ca.send(message(ca.agent, taking), &ca.agent).status.cmc_status, CMCStatus::success);
}

}  // namespace
}  // namespace signet::test
