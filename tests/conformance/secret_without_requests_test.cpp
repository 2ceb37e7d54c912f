// What whoever knows a shared secret says without asking for a certificate.
#include <gtest/gtest.h>

#include "envelope/signed_data.h"
#include "support/secret_message.h"
#include "support/test_authority.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using Controls = std::vector<cmc::TaggedAttribute>;

class SecretWithoutRequests : public testing::Test {
 protected:
  SecretWithoutRequests() { ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner}; }

  /// The controls that show who it is: over no requests, whatever stands beside.
  static Controls proof(std::uint32_t nonce) {
    Controls shown;
    SecretMessage message{.proof_over = Bytes{0x30, 0x00}, .nonce = nonce};
    message.edit_controls = [&](Controls& controls) { shown = controls; };
    static_cast<void>(message.encode());
    std::erase_if(shown,
                  [](const auto& each) { return each.attr_type == cmc::oid::kPopLinkRandom; });
    return shown;
  }
  Told send_unsigned(Controls controls) {
    const auto content = pki_data(controls, {});
    return ca.send(envelope::seal_without_signature(content, {Bytes(20, 1)}), nullptr);
  }
  Told send_authenticated(Controls controls) {
    std::erase_if(controls,
                  [](const auto& each) { return each.attr_type == cmc::oid::kIdentityProofV2; });
    return ca.send(SecretMessage{}.authenticate(pki_data(controls, {})), nullptr);
  }
  [[nodiscard]] cmc::TaggedAttribute asking() const {
    return control(
        50, cmc::oid::kGetCert,
        cmc::write_get_cert({ca.certificate()->subject, ca.agent.certificate->serial_number}));
  }
  static cmc::TaggedAttribute pop_failed() {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = CMCStatus::failed;
    status.body_list = {cmc::BodyPartID{0}};
    status.other_info = CMCFailInfo::popFailed;
    return control(51, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
  }
  static Controls with(Controls controls, const Controls& more) {
    controls.insert(controls.end(), more.begin(), more.end());
    return controls;
  }

  TestAuthority ca;
};

TEST_F(SecretWithoutRequests, ThatIsUsedUpAsksForNothingBesideWhatItGivesUp) {
  EXPECT_EQ(send_authenticated(with(proof(1), {asking()})).certificates.size(), 1U);
  ASSERT_TRUE(ca.send(SecretMessage{.nonce = 2}.encode(), nullptr).issued());
  for (const auto& controls : {Controls{asking()}, Controls{asking(), pop_failed()}}) {
    const auto told = send_authenticated(with(proof(3), controls));
    EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
    EXPECT_NE(told.text().find("used up"), std::string::npos) << told.text();
    EXPECT_TRUE(told.certificates.empty());
  }
}

TEST_F(SecretWithoutRequests, SaysNothingOfChallengesInAMessageThatNobodySigned) {
  const auto told = send_unsigned(with(proof(1), {pop_failed()}));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_NE(told.text().find("AuthenticatedData"), std::string::npos) << told.text();
  const auto authenticated = send_authenticated(with(proof(2), {pop_failed()}));
  EXPECT_EQ(authenticated.status.cmc_status, CMCStatus::success) << authenticated.text();
}

}  // namespace
}  // namespace signet::test
