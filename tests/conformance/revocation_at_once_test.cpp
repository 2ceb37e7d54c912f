// One message twice at once: what is done once stands in the journal once.
#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <utility>

#include "store/memory_engine.h"
#include "support/change_status.h"
#include "support/message_builder.h"
#include "support/test_authority.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using pkix::CRLReason;
using store::CertificateStatus;

/// Does something once, when a certificate is looked up.
class InterruptedEngine final : public store::MemoryEngine {
 public:
  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override {
    if (serial == at) {
      if (const auto now = std::exchange(then, nullptr)) now();
    }
    return MemoryEngine::find_certificate(serial);
  }
  store::Integer at;
  mutable std::function<void()> then;
};

TEST(RevocationAtOnce, ByTheSameMessageTwiceIsInTheJournalOnce) {
  InterruptedEngine engine;
  TestAuthority::Choices choices;
  choices.engine = &engine;
  TestAuthority ca(choices);
  const auto bob = ca.enroll("CN=Bob,O=Test");
  std::vector<cmc::TaggedAttribute> controls{
      control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 1)))};
  for (const Holder* held : std::initializer_list<const Holder*>{&ca.alice, &bob}) {
    const auto& certificate = held->certificate;
    ASSERT_TRUE(change_status(engine, certificate->serial_number, CertificateStatus::on_hold,
                              ca.clock.now(), pkix::CRLReason::certificateHold)
                    .ok());
    controls.push_back(
        control(static_cast<std::uint32_t>(50 + controls.size()), cmc::oid::kRevokeRequest,
                cmc::write_revoke_request({.issuer_name = certificate->issuer,
                                           .serial_number = certificate->serial_number,
                                           .reason = CRLReason::removeFromCRL,
                                           .invalidity_date = {},
                                           .shared_secret = {},
                                           .comment = {}})));
  }
  const auto octets = full_request({ca.agent.key, ca.agent.certificate}, {}, controls).encode();
  std::optional<Told> other;
  engine.at = bob.certificate->serial_number;
  engine.then = [&] { other = ca.send(octets, &ca.agent); };
  authority::Inquiry inquiry;
  inquiry.octets = octets;
  inquiry.peer = {ca.agent.certificate.der, "192.0.2.1"};
  const auto answer = ca.decide(inquiry);
  ASSERT_TRUE(other.has_value());
  EXPECT_TRUE(other->has_event("CERT_STATUS_CHANGE_REQUEST_PROCESSED", EventOutcome::success));
  EXPECT_FALSE(answer.refusal.has_value());
  std::vector<EventOutcome> told;
  for (const auto& event : answer.commit.events) {
    if (event.name == "CERT_STATUS_CHANGE_REQUEST_PROCESSED") told.push_back(event.outcome);
  }
  EXPECT_EQ(told, std::vector{EventOutcome::failure}) << "the other one did it";
}

}  // namespace
}  // namespace signet::test
