// A decision has one time, however long it takes.
#include <gtest/gtest.h>

#include <atomic>

#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

/// A second further each time that it is asked.
class RunningClock final : public Clock {
 public:
  [[nodiscard]] PreciseTime now_precise() const override {
    return FixedClock().now_precise() + std::chrono::seconds{asked_++};
  }

 private:
  mutable std::atomic<int> asked_ = 0;
};

class DecisionTime : public testing::Test {
 protected:
  store::Commit decide(const std::vector<Bytes>& requests,
                       const std::vector<cmc::TaggedAttribute>& controls) {
    const auto message = full_request({ca.agent.key, ca.agent.certificate}, requests, controls);
    authority::Inquiry inquiry;
    inquiry.octets = message.encode();
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    auto answer = ca.decide(inquiry);
    EXPECT_FALSE(answer.refusal) << answer.refusal->detail;
    return std::move(answer.commit);
  }
  static cmc::TaggedAttribute revocation(std::uint32_t id, const Holder& target) {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = target.certificate->issuer;
    wanted.serial_number = target.certificate->serial_number;
    return control(id, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }

  RunningClock clock;
  TestAuthority ca{{.own_clock = &clock}};
};

TEST_F(DecisionTime, IsOneForAllThatAMessageRevokes) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto commit = decide({}, {revocation(50, bob), revocation(51, ca.alice)});
  ASSERT_EQ(commit.status_changes.size(), 2U);
  EXPECT_EQ(commit.status_changes[0].at, commit.status_changes[1].at);
  ASSERT_TRUE(commit.answered);
  EXPECT_EQ(commit.answered->received_at, commit.status_changes[0].at);
}

TEST_F(DecisionTime, IsOneForAllThatAMessageIsGranted) {
  const auto commit = decide({tagged(1, ca.certification_request("CN=One,O=Test")),
                              tagged(2, ca.certification_request("CN=Two,O=Test"))},
                             {});
  ASSERT_EQ(commit.certificates.size(), 2U);
  EXPECT_EQ(commit.certificates[0].issued_at, commit.certificates[1].issued_at);
  ASSERT_TRUE(commit.answered);
  EXPECT_EQ(commit.answered->received_at, commit.certificates[0].issued_at);
}

}  // namespace
}  // namespace signet::test
