#include "apps/signetd/lifetimes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "support/fakes.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

/// The latest full CRL of each shard, and nothing else.
class FewCrls final : public store::CrlStore {
 public:
  std::vector<std::optional<Time>> next_updates;
  bool answers = true;
  mutable int asked = 0;

  Result<void> for_each_changed(
      std::uint32_t, std::uint64_t,
      const std::function<void(const store::StatusEntry&)>&) const override {
    return {};
  }
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override {
    EXPECT_EQ(query.kind, store::CrlKind::full);
    EXPECT_EQ(query.parts, store::CrlParts::without_der);
    ++asked;
    if (!answers) return Error{Fault::storage_failed, "away"};
    const auto next_update = next_updates.at(query.shard);
    if (!next_update) return std::optional<store::CrlRecord>();
    store::CrlRecord found;
    found.shard = query.shard;
    found.next_update = *next_update;
    return std::optional(found);
  }
  Result<std::uint32_t> crl_shards() const override {
    if (!answers) return Error{Fault::storage_failed, "away"};
    return static_cast<std::uint32_t>(next_updates.size());
  }
};

class LifetimesTest : public ::testing::Test {
 protected:
  Lifetimes make() {
    return Lifetimes({.crls = crls,
                      .keys = {{{0, 2}, start + 30h}, {{2, std::nullopt}, start + 300h}},
                      .ocsp =
                          [this] {
                            ++ocsp_asked;
                            return ocsp;
                          },
                      .clock = clock});
  }

  test::FixedClock clock;
  const Time start = clock.now();
  FewCrls crls;
  std::optional<Time> ocsp;
  int ocsp_asked = 0;
};

TEST_F(LifetimesTest, KnowsTheLatestCrlOfEachShardThatHasOne) {
  auto lifetimes = make();
  EXPECT_THAT(lifetimes.known().crls, IsEmpty());
  crls.next_updates = {start + 1h, std::nullopt, start + 3h};
  lifetimes.look();
  EXPECT_THAT(lifetimes.known().crls, ElementsAre(Pair(0, start + 1h), Pair(2, start + 3h)));
}

TEST_F(LifetimesTest, AsksNothingOfAnybodyForWhoWantsToKnow) {
  auto lifetimes = make();
  crls.next_updates = {start + 1h};
  lifetimes.look();
  const int asked = crls.asked;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(lifetimes.known().crls.size(), 1U);
    EXPECT_EQ(lifetimes.condition().word(), "ok");
  }
  EXPECT_EQ(crls.asked, asked);
  EXPECT_EQ(ocsp_asked, 1);
}

TEST_F(LifetimesTest, ACrlThatIsOverdueWantsAttentionAndTakesNoNodeAway) {
  auto lifetimes = make();
  crls.next_updates = {start + 1h, start + 2h};
  lifetimes.look();
  clock.advance(1h);
  EXPECT_EQ(lifetimes.condition().word(), "ok") << "its last second";
  clock.advance(1s);
  const auto condition = lifetimes.condition();
  EXPECT_EQ(condition.word(), "degraded");
  EXPECT_THAT(condition.degraded,
              ElementsAre(HasSubstr("the CRL of shard 0 is overdue since " + to_text(start + 1h))));
  crls.next_updates[0] = start + 25h;
  lifetimes.look();
  EXPECT_EQ(lifetimes.condition().word(), "ok");
}

TEST_F(LifetimesTest, AKeyWhoseCertificateHasEndedOwesNoCrl) {
  auto lifetimes = make();
  crls.next_updates = {start + 30h, start + 30h, start + 30h};
  clock.advance(31h);
  lifetimes.look();
  EXPECT_THAT(lifetimes.known().crls, ElementsAre(Pair(2, start + 30h)));
}

TEST_F(LifetimesTest, AStoreThatDoesNotAnswerTakesNothingBack) {
  auto lifetimes = make();
  crls.next_updates = {start + 1h};
  ocsp = start + 5h;
  lifetimes.look();
  crls.answers = false;
  ocsp.reset();
  lifetimes.look();
  EXPECT_EQ(lifetimes.known().crls.size(), 1U);
  EXPECT_THAT(lifetimes.known().certificates, ElementsAre(Pair(role::kOcsp, start + 5h)));
}

TEST_F(LifetimesTest, ATlsCertificateThatEndedTakesTheNodeAwayAndWhatAllNodesShareDoesNot) {
  for (const auto* role :
       {role::kAuthority, role::kAboveAuthority, role::kTls, role::kResponseSigner}) {
    test::FixedClock own;
    Lifetimes lifetimes(
        {.crls = crls, .keys = {}, .ocsp = [] { return std::nullopt; }, .clock = own});
    lifetimes.certificate(role, own.now());
    EXPECT_EQ(lifetimes.condition().word(), "ok") << role;
    own.advance(1s);
    const auto* word = role == role::kTls ? "down" : "degraded";
    EXPECT_EQ(lifetimes.condition().word(), word) << role;
    lifetimes.certificate(role, own.now() + 1h);
    EXPECT_EQ(lifetimes.condition().word(), "ok") << "renewed: " << role;
  }
}

TEST_F(LifetimesTest, WhatOnlySomeClientsUseWantsAttention) {
  auto lifetimes = make();
  lifetimes.certificate(role::kEncryption, start);
  ocsp = start;
  lifetimes.look();
  clock.advance(1s);
  const auto condition = lifetimes.condition();
  EXPECT_EQ(condition.word(), "degraded");
  EXPECT_EQ(condition.degraded.size(), 2U);
}

}  // namespace
}  // namespace signet::server
