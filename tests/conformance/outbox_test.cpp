// What a directory is told of what an authority does.
#include <gmock/gmock.h>

#include "authority/agent_desk.h"
#include "support/life_scene.h"
#include "support/outbox_reading.h"

namespace signet::test {
namespace {

using cmc::CMCStatus;
using pkix::CRLReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutboxTest : public testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.published = {.all = false, .ids = {kLifeProfile, "extra"}};
    return made;
  }
  std::vector<Due> due() { return empty_outbox(ca.engine()); }
  Told enroll(TestAuthority& at, const std::string& profile = kLifeProfile) {
    return at.send(at.request(at.alice, "CN=Alice,O=Test").octets, &at.alice, profile);
  }
  Told revoke(const asn1::Integer& serial, CRLReason reason) {
    const auto wanted = cmc::write_revoke_request({.issuer_name = ca.certificate()->subject,
                                                   .serial_number = serial,
                                                   .reason = reason,
                                                   .invalidity_date = {},
                                                   .shared_secret = {},
                                                   .comment = {}});
    const auto octets =
        full_request(
            {ca.agent.key, ca.agent.certificate}, {},
            {control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, next_nonce_++))),
             control(50, cmc::oid::kRevokeRequest, wanted)})
            .encode();
    return ca.send(octets, &ca.agent);
  }

  TestAuthority ca{choices()};

 private:
  std::uint8_t next_nonce_ = 1;
};

TEST_F(OutboxTest, HasWhatIsIssuedHeldReleasedAndRevoked) {
  const auto told = enroll(ca);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto serial = told.certificates[0]->serial_number;
  EXPECT_THAT(due(), ElementsAre(Due(serial, Telling::publish)));
  ASSERT_EQ(revoke(serial, CRLReason::certificateHold).status.cmc_status, CMCStatus::success);
  EXPECT_THAT(due(), ElementsAre(Due(serial, Telling::withdraw)));
  ASSERT_EQ(revoke(serial, CRLReason::removeFromCRL).status.cmc_status, CMCStatus::success);
  EXPECT_THAT(due(), ElementsAre(Due(serial, Telling::publish)));
  ASSERT_EQ(revoke(serial, CRLReason::keyCompromise).status.cmc_status, CMCStatus::success);
  EXPECT_THAT(due(), ElementsAre(Due(serial, Telling::withdraw)));
  ASSERT_EQ(revoke(serial, CRLReason::keyCompromise).status.cmc_status, CMCStatus::success);
  EXPECT_THAT(due(), IsEmpty()) << "nothing changed";
}

TEST_F(OutboxTest, HasNothingOfARetryNorOfARefusal) {
  const auto request = ca.request(ca.alice, "CN=Alice,O=Test");
  ASSERT_TRUE(ca.send(request.octets, &ca.alice, kLifeProfile).issued());
  EXPECT_EQ(due().size(), 1U);
  ASSERT_TRUE(ca.send(request.octets, &ca.alice, kLifeProfile).issued());
  EXPECT_FALSE(
      ca.send(ca.request(ca.alice, "CN=Bob,O=Test").octets, &ca.alice, kLifeProfile).issued());
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(OutboxTest, IsEmptyWhereNothingIsPublished) {
  TestAuthority silent;
  ASSERT_TRUE(enroll(silent).issued());
  EXPECT_THAT(empty_outbox(silent.engine()), IsEmpty());
}

TEST_F(OutboxTest, HasWhatAnAgentApprovedAndNotBefore) {
  const auto waiting = enroll(ca, "extra");
  ASSERT_EQ(waiting.status.cmc_status, CMCStatus::pending) << waiting.text();
  EXPECT_THAT(due(), IsEmpty());
  const auto token = std::get<cmc::PendInfo>(waiting.status.other_info.value()).pend_token;
  const auto decided =
      unwrap(ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, "known"}));
  EXPECT_THAT(due(), ElementsAre(Due(decided.serial_numbers.at(0), Telling::publish)));
}

TEST_F(OutboxTest, HasWhatWasConfirmedAndNotBefore) {
  auto confirmed = choices();
  confirmed.settings.confirmed_profiles = {kLifeProfile};
  TestAuthority at(confirmed);
  const auto told = enroll(at);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  const auto& certificate = told.certificates.at(0);
  EXPECT_THAT(empty_outbox(at.engine()), IsEmpty());
  cmc::CMCStatusInfoV2 success;
  success.cmc_status = CMCStatus::success;
  success.body_list = {cmc::BodyPartID{0}};
  const auto taken =
      control(70, cmc::oid::kConfirmCertAcceptance,
              cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  const auto octets =
      full_request(
          {at.alice.key, at.alice.certificate}, {},
          {control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 9))), taken,
           control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(success))})
          .encode();
  EXPECT_EQ(at.send(octets, &at.alice).status.cmc_status, CMCStatus::success);
  EXPECT_THAT(empty_outbox(at.engine()),
              ElementsAre(Due(certificate->serial_number, Telling::publish)));
}

TEST_F(OutboxTest, HasTheWithdrawalOfWhatWasNotConfirmedInTime) {
  auto confirmed = choices();
  confirmed.settings.confirmed_profiles = {kLifeProfile};
  TestAuthority at(confirmed);
  const auto serial = enroll(at).certificates.at(0)->serial_number;
  at.clock.advance(std::chrono::hours{25});
  ASSERT_EQ(unwrap(at.settle_overdue()), 1U);
  EXPECT_THAT(empty_outbox(at.engine()), ElementsAre(Due(serial, Telling::withdraw)));
}

}  // namespace
}  // namespace signet::test
