#pragma once

#include <gtest/gtest.h>

#include "support/secret_message.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// An authority that knows the secrets of two people, and what becomes of their messages.
class SharedSecret : public testing::Test {
 protected:
  SharedSecret() { know(ca); }
  static void know(TestAuthority& authority) {
    authority.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
    authority.secrets->entries["bob"] = {.secret = "another secret of sixteen",
                                         .subject = "UID=bob,O=Test"};
  }
  Told send(const SecretMessage& message) { return ca.send(message.encode(), nullptr); }
  void expect_granted(const Told& told, const std::string& subject = kOwner) {
    ASSERT_TRUE(told.issued()) << told.text();
    EXPECT_EQ(pkix::to_text(told.certificates.front()->subject), subject);
    EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", audit::EventOutcome::success));
  }
  void expect_refused(const Told& told, cmc::CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", audit::EventOutcome::failure));
  }
  void expect_not_proven(const Told& told) {
    expect_refused(told, cmc::CMCFailInfo::badIdentity, "do not prove who asks");
    EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", audit::EventOutcome::failure));
  }
  std::size_t failures_of(const std::string& who) {
    const auto& entry = ca.secrets->entries.at(who);
    return unwrap(ca.engine().token_history(to_bytes("token of " + who + ": " + entry.secret)))
        .failures;
  }

  TestAuthority ca;
};

}  // namespace signet::test
