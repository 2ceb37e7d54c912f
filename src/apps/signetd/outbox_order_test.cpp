// Who waits for whom, and what is decided meanwhile; against Debian's slapd on loopback.
#include "support/outbox_scene.h"

namespace signet::server {
namespace {

using store::OutboxLine;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutboxOrderTest : public OutboxDeliveryTest {
 protected:
  /// So many certificates that the directory does not take for now.
  void add_denied(std::uint64_t count) {
    const auto denied = issue("elsewhere");
    store::Commit many;
    for (std::uint64_t at = 0; at < count; ++at) {
      auto record = store::record_of(denied, Bytes(32, 200), clock.now());
      record.serial_number = store::Integer::from(1000 + at);
      record.profile_id = "caOne";
      many.outbox.push_back({.serial_number = record.serial_number, .at = clock.now()});
      many.certificates.push_back(std::move(record));
    }
    apply(many);
  }
};

TEST_F(OutboxOrderTest, LetsThoseThatTheDirectoryDoesNotTakeForNowKeepNobodyWaiting) {
  add_denied(301);
  clock.advance(1h);
  const auto certificate = issue("alice");
  add(certificate);
  for (int time = 0; time < 2; ++time) delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(due(), 301U);
  EXPECT_EQ(delivery->known().oldest_due, test::kTestTime) << "they wait since they waited";
  EXPECT_EQ(delivery->look(), 5s);
  clock.advance(23h);
  for (int time = 0; time < 2; ++time) delivery->look();
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(events().size(), 301U);
}

/// So many certificates that nobody has on record.
store::Commit filled_anew(std::uint64_t count, Time now) {
  store::Commit many;
  for (std::uint64_t at = 0; at < count; ++at) {
    many.outbox.push_back(
        {.serial_number = store::Integer::from(at), .line = OutboxLine::unhurried, .at = now});
  }
  return many;
}

TEST_F(OutboxOrderTest, TellsOfWhatIsRevokedOrIssuedBeforeADirectoryIsFilledAnew) {
  const auto revoked = issue("alice");
  add(revoked);
  delivery->look();
  apply(filled_anew(700, clock.now()));
  change(revoked, CertificateStatus::valid, CertificateStatus::revoked);
  const auto fresh = issue("bob");
  add(fresh);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  EXPECT_THAT(certificates_of("bob"), ElementsAre(fresh.der));
  EXPECT_EQ(due(OutboxLine::unhurried), 700U - 254U) << "which goes on in the same look";
  EXPECT_EQ(delivery->look(), 0ms);
  EXPECT_EQ(delivery->look(), 5s);
  EXPECT_EQ(due(OutboxLine::unhurried), 0U);
}

TEST_F(OutboxOrderTest, LetsWhatPressesAndIsNotTakenForNowKeepNoBacklogWaiting) {
  add_denied(301);
  apply(filled_anew(10, clock.now()));
  delivery->look();
  EXPECT_EQ(due(OutboxLine::unhurried), 10U);
  delivery->look();
  EXPECT_EQ(due(OutboxLine::unhurried), 0U);
  EXPECT_EQ(due(), 301U) << "in their own line still";
  const auto fresh = issue("bob");
  add(fresh);
  for (int time = 0; time < 2; ++time) delivery->look();
  EXPECT_THAT(certificates_of("bob"), ElementsAre(fresh.der));
}

TEST_F(OutboxOrderTest, LetsOneThatTakesLongKeepNobodyWaiting) {
  begin({.all = true}, places(), address(),
        {.between_looks = 5s, .gather = 0ms, .longest_look = 20ms});
  const auto slow = issue("bob");
  engine.damaged = {slow->serial_number};
  engine.for_damaged = 30ms;
  add(slow);
  const auto certificate = issue("alice");
  add(certificate);
  for (int time = 0; time < 2; ++time) delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(due(), 1U);
}

TEST_F(OutboxOrderTest, SeesWhatWasDecidedAndToldByAnotherNodeWhileItStoodStill) {
  const auto certificate = issue("alice");
  const auto decide = [&](CertificateStatus from, CertificateStatus to) {
    engine.after_certificate = [this, certificate, from, to] {
      change(certificate, from, to);
      std::vector<std::uint64_t> told;
      for (const auto& each : unwrap(engine.in_outbox(store::OutboxLine::pressing, 9)))
        told.push_back(each.number);
      ASSERT_TRUE(engine.take_from_outbox(told).ok());
    };
  };
  add(certificate);
  decide(CertificateStatus::valid, CertificateStatus::on_hold);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  store::Commit again;
  again.outbox = {reminder(certificate)};
  apply(again);
  decide(CertificateStatus::on_hold, CertificateStatus::valid);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
}

TEST_F(OutboxOrderTest, LeavesNoOlderCrlThereThanTheStoreHas) {
  keep_crl(7);
  engine.after_crl = [this] { keep_crl(8); };
  delivery->look();
  EXPECT_THAT(crls(), ElementsAre(crl(8)));
}

}  // namespace
}  // namespace signet::server
