// CRLs and deltas: numbers, times and what they tell (RFC 5280 §5).
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/crl_scene.h"

namespace signet::test {
namespace {

namespace oid = pkix::oid;
using namespace std::chrono_literals;
using pkix::CRLReason;
using store::CertificateStatus;

// ------------------------------------------------------------ deltas

class Deltas : public Crls {
 protected:
  Deltas() {
    settings.delta_every = 10min;
    settings.points.delta_uri = "http://ca.test/delta";
  }
};

TEST_F(Deltas, TellWhatChangedSinceTheirBase) {
  const auto before = enroll("Before");
  const auto revoked = enroll("Revoked");
  const auto held = enroll("Held");
  const auto released = enroll("Released");
  change(before, CertificateStatus::revoked, CRLReason::superseded);
  change(released, CertificateStatus::on_hold, CRLReason::certificateHold);
  const auto base = full();
  EXPECT_EQ(entries_of(base), (Entries{{before, 4}, {released, 6}}));
  ca.clock.advance(1min);
  change(revoked, CertificateStatus::revoked, CRLReason::keyCompromise);
  change(held, CertificateStatus::on_hold, CRLReason::certificateHold);
  change(released, CertificateStatus::valid, CRLReason::unspecified);
  const auto made = delta();
  EXPECT_EQ(entries_of(made), (Entries{{revoked, 1}, {held, 6}, {released, 8}}));
  EXPECT_EQ(made.number, base.number + 1) << "one sequence for both";
  EXPECT_EQ(find(made, oid::kCrlNumber)->extn_value, number(made.number));
  EXPECT_EQ(find(made, oid::kDeltaCrlIndicator),
            (pkix::Extension{oid::kDeltaCrlIndicator, true, number(base.number)}));
  EXPECT_EQ(made.next_update - made.this_update, 20min);
  EXPECT_EQ(find(made, oid::kFreshestCrl), std::nullopt) << "RFC 5280 §5.2.6";
  EXPECT_EQ(find(base, oid::kDeltaCrlIndicator), std::nullopt);
  EXPECT_EQ(
      find(base, oid::kFreshestCrl),
      (pkix::Extension{oid::kFreshestCrl, false,
                       pkix::write_crl_distribution_points({{Uri{"http://ca.test/delta"}}})}));
  EXPECT_EQ(journal.events().back().name, "DELTA_CRL_GENERATION");
}

TEST_F(Deltas, ListOneThatWasHeldAndReleasedBetween) {
  const auto serial = enroll("Short");
  full();
  ca.clock.advance(1min);
  change(serial, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 6}}));
  change(serial, CertificateStatus::valid, CRLReason::unspecified);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 8}}));
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 8}})) << "until the base is a later one";
  EXPECT_TRUE(entries_of(full()).empty());
}

TEST_F(Deltas, TellOfOneThatExpiredUntilAFullOneDid) {
  settings.validity = 3000h;
  const auto serial = enroll("Short");
  const auto end = unwrap(ca.engine().find_certificate(serial))->not_after;
  full();
  ca.clock.set(end - 1s);
  change(serial, CertificateStatus::revoked, CRLReason::keyCompromise);
  ca.clock.set(end + 49h);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 1}}));
  EXPECT_EQ(entries_of(full()), (Entries{{serial, 1}})) << "on one full CRL at least";
  ca.clock.advance(1min);
  EXPECT_TRUE(entries_of(full()).empty());
}

TEST_F(Deltas, ServeWhoeverHasAFullCrlThatIsStillGood) {
  const auto one = enroll("One");
  const auto other = enroll("Other");
  full();
  ca.clock.advance(12h);
  const auto still_good = full();
  change(one, CertificateStatus::revoked, CRLReason::keyCompromise);
  ca.clock.advance(12h);
  full();
  change(other, CertificateStatus::revoked, CRLReason::keyCompromise);
  ca.clock.advance(1s);
  const auto made = delta();
  EXPECT_EQ(made.base_number, still_good.number) << "the first one is over";
  EXPECT_EQ(entries_of(made), (Entries{{one, 1}, {other, 1}}));
}

TEST_F(Deltas, NeedAFullCrlOfTheSameCertificates) {
  EXPECT_EQ(maker().make_delta().error().fault, Fault::crl_not_found);
  full();
  EXPECT_TRUE(maker().make_delta().ok());
  settings.points = points(2);
  EXPECT_EQ(maker().make_delta().error().fault, Fault::crl_not_found);
}

TEST_F(Deltas, AreDueAfterAChangeAndByTime) {
  const auto serial = enroll("One");
  EXPECT_EQ(due(), 1U);
  change(serial, CertificateStatus::revoked, CRLReason::keyCompromise);
  const auto waits = unwrap(maker().make_due());
  EXPECT_EQ(waits.made, 0U) << "of the second of a full one there is no delta";
  EXPECT_TRUE(waits.postponed);
  ca.clock.advance(1s);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(entries_of(latest({.kind = store::CrlKind::delta})), (Entries{{serial, 1}}));
  EXPECT_EQ(latest({}).number, 1U) << "no full one for it";
  ca.clock.advance(10min - 1s);
  EXPECT_EQ(due(), 0U);
  ca.clock.advance(1s);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(latest({.kind = store::CrlKind::delta}).number, 3U);
  ca.clock.advance(12h);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(latest({}).number, 4U);
}

// ------------------------------------------------------------ numbers and clocks

TEST_F(Crls, TwoPublishersMakeEachNumberOnce) {
  constexpr int kEach = 12;
  std::atomic<std::uint64_t> durable = 0;
  const auto publish = [&] {
    auto own = maker();
    for (int at = 0; at < kEach; ++at) {
      const auto made = own.make();
      if (made.ok()) {
        ++durable;
      } else {
        EXPECT_EQ(made.error().fault, Fault::busy) << made.error().detail;
      }
    }
  };
  std::thread one(publish);
  std::thread other(publish);
  one.join();
  other.join();
  EXPECT_GE(durable, static_cast<std::uint64_t>(kEach));
  EXPECT_EQ(latest({}).number, durable) << "no number without a CRL";
  EXPECT_EQ(journal.events().size(), durable);
}

TEST_F(Crls, ThisUpdateDoesNotGoBackWithTheClock) {
  const auto first = full();
  ca.clock.advance(-1h);
  const auto second = full();
  EXPECT_EQ(second.this_update, first.this_update);
  EXPECT_EQ(second.number, first.number + 1);
  EXPECT_EQ(due(), 0U);
  settings.delta_every = 10min;
  settings.points.delta_uri = "http://ca.test/delta";
  const auto third = delta();
  EXPECT_EQ(third.this_update, first.this_update + 1s) << "a delta has a time of its own";
  EXPECT_GT(third.number, second.number);
  ca.clock.advance(1h);
  EXPECT_GE(full().this_update, third.this_update);
}

TEST_F(Crls, AreMadeAgainWhenTheClockWasAYearAhead) {
  full();
  const auto now = ca.clock.now();
  ca.clock.advance(24h * 365);
  EXPECT_EQ(due(), 1U);
  const auto from_the_future = full();
  ca.clock.set(now);
  EXPECT_EQ(due(), 1U) << "nobody takes the latest one";
  const auto again = latest({});
  EXPECT_EQ(again.this_update, now);
  EXPECT_EQ(again.next_update, now + 24h);
  EXPECT_EQ(again.number, from_the_future.number + 1) << "numbers never go back";
  EXPECT_EQ(due(), 0U);
}

}  // namespace
}  // namespace signet::test
