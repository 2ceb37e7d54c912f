#pragma once

#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// Signed revokeRequests, and what becomes of the certificates that they name.
class Revocation : public testing::Test {
 protected:
  static cmc::RevokeRequest of(const Holder& target,
                               pkix::CRLReason reason = pkix::CRLReason::superseded) {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = target.certificate->issuer;
    wanted.serial_number = target.certificate->serial_number;
    wanted.reason = reason;
    return wanted;
  }
  static cmc::TaggedAttribute as_control(std::uint32_t id, const cmc::RevokeRequest& wanted) {
    return control(id, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }
  cmc::TaggedAttribute nonce() {
    Bytes octets(16, 3);
    octets[0] = next_nonce++;
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }
  Bytes message(const Holder& signer, std::vector<cmc::RevokeRequest> wanted,
                const std::vector<Bytes>& requests = {}) {
    std::vector<cmc::TaggedAttribute> controls{nonce()};
    std::uint32_t id = 50;
    for (const auto& each : wanted) controls.push_back(as_control(id++, each));
    return full_request({signer.key, signer.certificate}, requests, controls).encode();
  }
  Told send(const Holder& signer, std::vector<cmc::RevokeRequest> wanted) {
    return ca.send(message(signer, std::move(wanted)), &signer);
  }
  store::CertificateRecord record_of(const Holder& holder) {
    return unwrap(ca.engine().find_certificate(holder.certificate->serial_number)).value();
  }
  void expect_status(const Holder& holder, store::CertificateStatus status,
                     pkix::CRLReason reason) {
    EXPECT_EQ(record_of(holder).status, status);
    EXPECT_EQ(record_of(holder).revocation_reason, reason);
  }
  void expect_done(const Told& told, std::uint32_t id = 50) {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(id));
    EXPECT_TRUE(
        told.has_event("CERT_STATUS_CHANGE_REQUEST_PROCESSED", audit::EventOutcome::success));
  }
  void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", audit::EventOutcome::failure));
  }

  TestAuthority ca;
  std::uint8_t next_nonce = 1;
};

}  // namespace signet::test
