#pragma once

#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

inline constexpr const char* kLifeProfile = "caFullCMCUserSignedCert";

/// The user-signed profile, but its requests wait for an agent.
inline std::string approval_profile() {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
}

/// An authority with all that may happen to a certificate after its enrollment, or before:
/// revocation by secret, confirmation, an agent's approval.
class Life : public testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.bare_revocation = true;
    made.settings.bare_names = true;
    made.settings.confirmed_profiles = {kLifeProfile};
    return made;
  }
  cmc::TaggedAttribute nonce() {
    Bytes octets(16, 9);
    octets[0] = next_nonce_++;
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }
  Bytes message(const Holder& signer, std::vector<cmc::TaggedAttribute> controls,
                const std::vector<Bytes>& requests = {}) {
    controls.insert(controls.begin(), nonce());
    return full_request({signer.key, signer.certificate}, requests, controls).encode();
  }
  store::CertificateRecord record_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number)).value();
  }
  void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_FALSE(told.issued());
  }

  TestAuthority ca{choices()};

 private:
  std::uint8_t next_nonce_ = 1;
};

}  // namespace signet::test
