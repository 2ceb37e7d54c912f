#pragma once

#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/tolerances_in.h"

namespace signet::test {

inline constexpr const char* kAlice = "CN=Alice,O=Test";

/// An authority with an agent and a user, and what most of the observed cases ask of it. A case is
/// one row of dogtag/observed.md: what a live Dogtag answered, and what is answered here.
class Observed : public testing::Test {
 protected:
  static Credential credential(const Holder& holder) { return {holder.key, holder.certificate}; }

  /// senderNonce, body part 1, another one each time.
  cmc::TaggedAttribute nonce() {
    Bytes octets(16, 6);
    octets[0] = next_nonce_++;
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }
  /// A Full PKI Request of these parts with a fresh nonce, signed by `signer`.
  SignedMessage message(const Holder& signer, const std::vector<Bytes>& requests,
                        std::vector<cmc::TaggedAttribute> controls = {}) {
    controls.push_back(nonce());
    return full_request(credential(signer), requests, controls);
  }
  /// The same, sent over the signer's own TLS connection.
  Told send(const Holder& signer, const std::vector<Bytes>& requests,
            const std::string& profile = "", std::vector<cmc::TaggedAttribute> controls = {}) {
    return ca.send(message(signer, requests, std::move(controls)).encode(), &signer, profile);
  }

  static void expect_granted(const Told& told, std::size_t certificates = 1) {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::success) << told.text();
    EXPECT_EQ(told.certificates.size(), certificates);
  }
  /// Nothing is issued; the failInfo, the words and the body part are as they should be.
  static void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words,
                             std::uint32_t body_part = 0) {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.names(body_part)) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", audit::EventOutcome::failure));
  }
  static std::string subject_of(const Told& told) {
    return told.issued() ? pkix::to_text(told.certificates.front()->subject) : "none";
  }

  TestAuthority ca;

 private:
  std::uint8_t next_nonce_ = 1;
};

}  // namespace signet::test
