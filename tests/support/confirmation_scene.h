#pragma once

#include "support/change_status.h"
#include "support/life_scene.h"

namespace signet::test {

/// What is said of a certificate that waits for confirmation, or beside that.
class Confirmation : public Life {
 protected:
  cmc::TaggedAttribute confirming(const pkix::Certificate& certificate) {
    return control(70, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  static cmc::TaggedAttribute revoking(const pkix::Certificate& certificate) {
    return control(50, cmc::oid::kRevokeRequest,
                   cmc::write_revoke_request({.issuer_name = certificate->issuer,
                                              .serial_number = certificate->serial_number,
                                              .reason = pkix::CRLReason::superseded,
                                              .invalidity_date = {},
                                              .shared_secret = {},
                                              .comment = {}}));
  }
  static cmc::TaggedAttribute status(cmc::CMCStatus status) {
    cmc::CMCStatusInfoV2 info;
    info.cmc_status = status;
    info.body_list = {cmc::BodyPartID{0}};
    return control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(info));
  }
  static cmc::TaggedAttribute transaction(std::uint8_t number) {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{number}}));
  }
  /// Alice asks, and gets a certificate that she must confirm.
  Holder enrolled() {
    const auto octets =
        message(ca.alice, {transaction(7)}, {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))});
    const auto told = ca.send(octets, &ca.alice, kLifeProfile);
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::confirmRequired) << told.text();
    EXPECT_EQ(ca.send(octets, &ca.alice, kLifeProfile).status.cmc_status,
              cmc::CMCStatus::confirmRequired);
    return {test_key(), told.certificates.at(0)};
  }
  bool is_awaited(const Holder& holder) {
    return unwrap(ca.engine().find_awaited(holder.certificate->serial_number)).has_value();
  }
};

}  // namespace signet::test
