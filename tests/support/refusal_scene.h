#pragma once

#include <gtest/gtest.h>

#include "support/reseal.h"
#include "support/test_authority.h"

namespace signet::test {

/// A good request of Alice's, to be spoiled, and what a refusal is.
class Refusal : public testing::Test {
 protected:
  /// Nothing is issued; status, failInfo, a text and an audit record are there.
  void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_FALSE(told.text().empty());
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", audit::EventOutcome::failure));
    EXPECT_EQ(ca.certificates_on_record(), on_record);
  }
  cmc::PKIDataParts good_parts(client::RequestForm form = client::RequestForm::pkcs10) {
    return parts_of(ca.request(ca.alice, "CN=Alice,O=Test", form).octets);
  }
  Told send(const cmc::PKIDataParts& parts) { return ca.send(seal(parts, ca.alice), &ca.alice); }
  Told send_with(cmc::TaggedAttribute more) {
    auto parts = good_parts();
    parts.control_sequence.push_back(std::move(more));
    return send(parts);
  }

  TestAuthority ca;
  std::size_t on_record = ca.certificates_on_record();
};

}  // namespace signet::test
