#pragma once

#include <gtest/gtest.h>

#include "codec/cmc/oids.h"
#include "support/change_status.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"

namespace signet::test {

inline constexpr const char* kAlicesSubject = "CN=Alice,O=Test";

/// The user-signed profile under the id "extra", with more lines.
inline TestAuthority::Choices with_user_profile(const std::string& more_lines) {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  TestAuthority::Choices made;
  made.more_profiles = std::string(as_text(text)) + "\n" + more_lines + "\n";
  return made;
}

/// An authority that has certified Alice, who asks for another certificate.
class RenewalScene : public testing::Test {
 protected:
  explicit RenewalScene(const std::string& more_lines = "") : ca(with_user_profile(more_lines)) {}

  /// A message of this signer with one request.
  Bytes signed_by(const Holder& signer, const Bytes& certification_request,
                  std::vector<cmc::TaggedAttribute> controls = {}) {
    Bytes octets(16, 7);
    octets[0] = next_nonce_++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets)));
    return full_request({signer.key, signer.certificate}, {tagged(60, certification_request)},
                        controls)
        .encode();
  }
  Bytes without_requests(const Holder& signer, std::vector<cmc::TaggedAttribute> controls) {
    return full_request({signer.key, signer.certificate}, {}, controls).encode();
  }
  Told renew(const Holder& signer, const Key& key, const std::string& subject = kAlicesSubject,
             const std::string& profile = "") {
    return ca.send(signed_by(signer, pkcs10({.subject = subject, .key = key})), &signer, profile);
  }
  void change_status(const Holder& holder, store::CertificateStatus status) {
    ASSERT_TRUE(test::change_status(ca.engine(), holder.certificate->serial_number, status,
                                    ca.clock.now(), pkix::CRLReason::keyCompromise)
                    .ok());
  }
  void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed) << told.text();
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_FALSE(told.issued());
  }

  TestAuthority ca;

 private:
  std::uint8_t next_nonce_ = 1;
};

}  // namespace signet::test
