#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/change_status.h"
#include "support/engine_contract.h"

/// What every engine must do with changes of status and with CRLs, as one typed suite beside
/// EngineContract.
namespace signet::test {

inline store::Commit status_change(std::uint16_t number, store::CertificateStatus from,
                                   store::CertificateStatus to,
                                   pkix::CRLReason reason = pkix::CRLReason::keyCompromise) {
  store::Commit commit;
  commit.status_changes.push_back(
      {serial(number), from, to, kNoon2026, reason, kNoon2026 - std::chrono::hours{1}});
  return commit;
}

template <typename Fixture>
class StatusContract : public EngineContract<Fixture> {
 protected:
  void issue(std::uint16_t number) { ASSERT_TRUE(this->apply_one(grant(number)).durable()); }
  store::CertificateRecord record(std::uint16_t number) {
    return (*this->engine().find_certificate(serial(number))).value();
  }
  std::vector<store::StatusEntry> changed(std::uint32_t shard = 0, std::uint64_t since = 0) {
    std::vector<store::StatusEntry> entries;
    EXPECT_TRUE(
        this->engine()
            .for_each_changed(shard, since, [&](const auto& entry) { entries.push_back(entry); })
            .ok());
    return entries;
  }
  void change(std::uint16_t number, store::CertificateStatus from, store::CertificateStatus to,
              pkix::CRLReason reason = pkix::CRLReason::keyCompromise) {
    ASSERT_TRUE(this->apply_one(status_change(number, from, to, reason)).durable());
  }
  void issue_in_shard(std::uint16_t number, std::uint32_t shard) {
    auto commit = grant(number);
    commit.certificates.front().crl_shard = shard;
    ASSERT_TRUE(this->apply_one(commit).durable());
  }
  std::uint64_t latest_number(store::CrlQuery query) {
    const auto found = this->engine().find_crl(query);
    EXPECT_TRUE(found.ok());
    return *found ? (*found)->number : 0;
  }
};

inline std::vector<store::Integer> serials_of(const std::vector<store::StatusEntry>& entries) {
  std::vector<store::Integer> serials;
  for (const auto& entry : entries) serials.push_back(entry.serial_number);
  return serials;
}

inline store::Commit in_shard(store::Commit commit, std::uint32_t shard,
                              std::optional<std::uint64_t> base_number = {}) {
  commit.crl->shard = shard;
  commit.crl->base_number = base_number;
  return commit;
}

TYPED_TEST_SUITE_P(StatusContract);

TYPED_TEST_P(StatusContract, ChangesAStatusWithTheDatesThatGoWithIt) {
  using enum store::CertificateStatus;
  this->issue(1);
  ASSERT_TRUE(this->apply_one(status_change(1, valid, on_hold, pkix::CRLReason::certificateHold))
                  .durable());
  EXPECT_EQ(this->record(1).status, on_hold);
  EXPECT_EQ(this->record(1).revocation_reason, pkix::CRLReason::certificateHold);
  EXPECT_EQ(this->record(1).revoked_at, kNoon2026);
  EXPECT_EQ(this->record(1).invalidity_date, kNoon2026 - std::chrono::hours{1});
  ASSERT_TRUE(
      this->apply_one(status_change(1, on_hold, valid, pkix::CRLReason::removeFromCRL)).durable());
  EXPECT_EQ(this->record(1).status, valid);
  EXPECT_EQ(this->record(1).revocation_reason, pkix::CRLReason::unspecified);
  EXPECT_EQ(this->record(1).revoked_at, std::nullopt);
  EXPECT_EQ(this->record(1).invalidity_date, std::nullopt);
}

TYPED_TEST_P(StatusContract, RefusesAChangeFromAnotherStatusAndKeepsNothingOfIt) {
  using enum store::CertificateStatus;
  this->issue(1);
  this->issue(2);
  auto both = status_change(1, valid, revoked);
  both.status_changes.push_back(status_change(2, on_hold, valid).status_changes.front());
  EXPECT_EQ(this->conflict_of(both), store::Conflict::status_changed);
  EXPECT_EQ(this->record(1).status, valid);
  EXPECT_EQ(this->conflict_of(status_change(9, valid, revoked)), store::Conflict::status_changed);
}

TYPED_TEST_P(StatusContract, LetsOneOfTwoChangesInOneBatchThrough) {
  using enum store::CertificateStatus;
  this->issue(1);
  const auto outcomes =
      this->apply({status_change(1, valid, revoked, pkix::CRLReason::keyCompromise),
                   status_change(1, valid, revoked, pkix::CRLReason::superseded)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::status_changed);
  EXPECT_EQ(this->record(1).revocation_reason, pkix::CRLReason::keyCompromise);
}

TYPED_TEST_P(StatusContract, TellsOfEachThatChangedInTheOrderOfItsLastChange) {
  using enum store::CertificateStatus;
  for (std::uint16_t number = 1; number <= 4; ++number) this->issue(number);
  EXPECT_TRUE(this->changed().empty());
  this->change(3, valid, revoked, pkix::CRLReason::keyCompromise);
  this->change(1, valid, on_hold, pkix::CRLReason::certificateHold);
  this->change(4, valid, on_hold, pkix::CRLReason::certificateHold);
  this->change(1, on_hold, revoked, pkix::CRLReason::superseded);
  this->change(4, on_hold, valid, pkix::CRLReason::removeFromCRL);
  const auto entries = this->changed();
  ASSERT_THAT(serials_of(entries), testing::ElementsAre(serial(3), serial(1), serial(4)));
  EXPECT_EQ(entries[0].status, revoked);
  EXPECT_EQ(entries[0].reason, pkix::CRLReason::keyCompromise);
  EXPECT_EQ(entries[0].revoked_at, kNoon2026);
  EXPECT_EQ(entries[0].invalidity_date, kNoon2026 - std::chrono::hours{1});
  EXPECT_EQ(entries[0].not_after, certificate(3).not_after);
  EXPECT_EQ(entries[1].reason, pkix::CRLReason::superseded);
  EXPECT_EQ(entries[2].status, valid);
  EXPECT_EQ(entries[2].revoked_at, std::nullopt);
  EXPECT_EQ(entries[2].invalidity_date, std::nullopt);
}

TYPED_TEST_P(StatusContract, TellsOfThoseThatChangedSinceAChange) {
  using enum store::CertificateStatus;
  for (std::uint16_t number = 1; number <= 3; ++number) this->issue(number);
  this->change(1, valid, on_hold, pkix::CRLReason::certificateHold);
  this->change(2, valid, revoked);
  const auto seen = this->changed().back().change;
  EXPECT_TRUE(this->changed(0, seen).empty());
  this->change(3, valid, revoked);
  this->change(1, on_hold, valid);
  EXPECT_THAT(serials_of(this->changed(0, seen)), testing::ElementsAre(serial(3), serial(1)));
  EXPECT_THAT(serials_of(this->changed(0, seen + 1)), testing::ElementsAre(serial(1)));
  ASSERT_TRUE(
      change_status(this->engine(), serial(2), valid, kNoon2026, pkix::CRLReason::unspecified)
          .ok());
  EXPECT_THAT(serials_of(this->changed(0, seen)),
              testing::ElementsAre(serial(3), serial(1), serial(2)));
}

TYPED_TEST_P(StatusContract, CountsTheChangesOfEachShardByItself) {
  using enum store::CertificateStatus;
  this->issue_in_shard(1, 0);
  this->issue_in_shard(2, 7);
  this->issue_in_shard(3, 7);
  EXPECT_EQ(this->record(2).crl_shard, 7U);
  for (std::uint16_t number = 1; number <= 3; ++number) this->change(number, valid, revoked);
  EXPECT_THAT(serials_of(this->changed(0)), testing::ElementsAre(serial(1)));
  EXPECT_THAT(serials_of(this->changed(7)), testing::ElementsAre(serial(2), serial(3)));
  EXPECT_EQ(this->changed(7).front().change, 1U);
  EXPECT_THAT(serials_of(this->changed(7, 1)), testing::ElementsAre(serial(3)));
  EXPECT_TRUE(this->changed(6).empty());
  EXPECT_TRUE(this->changed(8).empty());
}

TYPED_TEST_P(StatusContract, TellsOfOneThatWasRecordedRevoked) {
  auto taken_over = grant(1);
  auto& record = taken_over.certificates.front();
  record.status = store::CertificateStatus::revoked;
  record.revoked_at = kNoon2026;
  record.revocation_reason = pkix::CRLReason::keyCompromise;
  record.invalidity_date = kNoon2026 - std::chrono::hours{2};
  ASSERT_TRUE(this->apply_one(taken_over).durable());
  EXPECT_EQ(this->record(1), record);
  ASSERT_EQ(this->changed().size(), 1U);
  EXPECT_EQ(this->changed().front().invalidity_date, record.invalidity_date);
}

TYPED_TEST_P(StatusContract, KeepsNothingOfABatchWhoseEventsCannotBeWritten) {
  using enum store::CertificateStatus;
  this->issue(1);
  auto change = status_change(1, valid, revoked);
  change.crl = crl_commit(1).crl;
  change.events.push_back(event("REVOKED"));
  FailingJournal journal;
  for (const auto& outcome : this->apply({change}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_EQ(this->record(1).status, valid);
  EXPECT_TRUE(this->changed().empty());
  EXPECT_EQ(*this->engine().find_crl({}), std::nullopt);
  auto held = status_change(1, store::CertificateStatus::valid, store::CertificateStatus::on_hold);
  ASSERT_TRUE(this->apply_one(held).durable());
  EXPECT_EQ(this->changed().front().change, 1U) << "a change that was taken back is not counted";
  auto taken_over = grant(2);
  taken_over.certificates.front().status = revoked;
  this->apply({taken_over, status_change(1, on_hold, valid)}, journal);
  EXPECT_THAT(serials_of(this->changed()), testing::ElementsAre(serial(1)));
  EXPECT_EQ(this->changed().front().change, 1U);
}

TYPED_TEST_P(StatusContract, CrlsFollowOneAnother) {
  EXPECT_EQ(*this->engine().find_crl({}), std::nullopt);
  EXPECT_EQ(this->conflict_of(crl_commit(0)), store::Conflict::crl_number_taken);
  ASSERT_TRUE(this->apply_one(crl_commit(1)).durable());
  EXPECT_EQ(this->conflict_of(crl_commit(1)), store::Conflict::crl_number_taken);
  EXPECT_EQ(this->conflict_of(crl_commit(3)), store::Conflict::crl_number_taken);
  const auto later = kNoon2026 + std::chrono::hours{1};
  ASSERT_TRUE(this->apply_one(crl_commit(2, later)).durable());
  EXPECT_EQ(*this->engine().find_crl({}), crl_commit(2, later).crl);
  EXPECT_EQ(*this->engine().find_crl({.before = later}), crl_commit(1).crl);
  EXPECT_EQ(*this->engine().find_crl({.before = kNoon2026}), std::nullopt);
}

TYPED_TEST_P(StatusContract, CrlsOfAShardAndItsDeltasShareOneSequence) {
  EXPECT_EQ(*this->engine().crl_shards(), 0U);
  ASSERT_TRUE(this->apply_one(crl_commit(1)).durable());
  EXPECT_EQ(*this->engine().crl_shards(), 1U);
  auto of_shard = in_shard(crl_commit(1), 3);
  of_shard.crl->last_change = 44;
  of_shard.crl->issuing_point = to_bytes("point");
  ASSERT_TRUE(this->apply_one(of_shard).durable());
  EXPECT_EQ(*this->engine().crl_shards(), 4U);
  EXPECT_EQ(this->conflict_of(in_shard(crl_commit(1), 3, 1)), store::Conflict::crl_number_taken);
  const auto delta = in_shard(crl_commit(2), 3, 1);
  ASSERT_TRUE(this->apply_one(delta).durable());
  EXPECT_EQ(this->conflict_of(in_shard(crl_commit(2), 3)), store::Conflict::crl_number_taken);
  ASSERT_TRUE(this->apply_one(in_shard(crl_commit(3), 3)).durable());
  EXPECT_EQ(*this->engine().find_crl({.shard = 3, .kind = store::CrlKind::delta}), delta.crl);
  EXPECT_EQ(this->latest_number({.shard = 3}), 3U);
  EXPECT_EQ(this->latest_number({.shard = 0}), 1U);
  EXPECT_EQ(this->latest_number({.shard = 0, .kind = store::CrlKind::delta}), 0U);
  EXPECT_EQ(this->latest_number({.shard = 2}), 0U);
}

TYPED_TEST_P(StatusContract, TheFirstCrlOfAShardMayHaveAnyNumber) {
  ASSERT_TRUE(this->apply_one(crl_commit(4711)).durable());
  EXPECT_EQ(this->conflict_of(crl_commit(1)), store::Conflict::crl_number_taken);
  EXPECT_EQ(this->conflict_of(crl_commit(4713)), store::Conflict::crl_number_taken);
  EXPECT_EQ(this->conflict_of(in_shard(crl_commit(0), 1)), store::Conflict::crl_number_taken);
  ASSERT_TRUE(this->apply_one(in_shard(crl_commit(90), 1)).durable());
  ASSERT_TRUE(this->apply_one(crl_commit(4712)).durable());
  EXPECT_EQ(this->latest_number({}), 4712U);
  EXPECT_EQ(this->latest_number({.shard = 1}), 90U);
}

TYPED_TEST_P(StatusContract, TwoFirstCrlsInOneBatchAreOneTooMany) {
  const auto outcomes = this->apply({crl_commit(8), crl_commit(5)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::crl_number_taken);
}

TYPED_TEST_P(StatusContract, GivesACrlWithEveryFieldOrWithoutItsOctets) {
  auto kept = in_shard(crl_commit(1), 3);
  kept.crl->last_change = 44;
  kept.crl->issuing_point = to_bytes("point");
  ASSERT_TRUE(this->apply_one(kept).durable());
  EXPECT_EQ(*this->engine().find_crl({.shard = 3}), kept.crl);
  kept.crl->der.clear();
  EXPECT_EQ(*this->engine().find_crl({.shard = 3, .parts = store::CrlParts::without_der}),
            kept.crl);
}

TYPED_TEST_P(StatusContract, TheLatestCrlIsTheOneWithTheHighestNumber) {
  ASSERT_TRUE(this->apply_one(crl_commit(1, kNoon2026 + std::chrono::hours{1})).durable());
  ASSERT_TRUE(this->apply_one(crl_commit(2, kNoon2026)).durable());
  EXPECT_EQ(this->latest_number({}), 2U);
}

TYPED_TEST_P(StatusContract, DeltasDoNotPushFullCrlsOut) {
  ASSERT_TRUE(this->apply_one(crl_commit(1)).durable());
  constexpr std::uint64_t kMany = 230;
  for (std::uint64_t number = 2; number <= kMany; ++number) {
    ASSERT_TRUE(this->apply_one(in_shard(crl_commit(number), 0, 1)).durable());
  }
  EXPECT_EQ(this->latest_number({}), 1U);
  EXPECT_EQ(this->latest_number({.kind = store::CrlKind::delta}), kMany);
}

REGISTER_TYPED_TEST_SUITE_P(
    StatusContract, ChangesAStatusWithTheDatesThatGoWithIt,
    RefusesAChangeFromAnotherStatusAndKeepsNothingOfIt, LetsOneOfTwoChangesInOneBatchThrough,
    TellsOfEachThatChangedInTheOrderOfItsLastChange, TellsOfThoseThatChangedSinceAChange,
    CountsTheChangesOfEachShardByItself, TellsOfOneThatWasRecordedRevoked,
    KeepsNothingOfABatchWhoseEventsCannotBeWritten, CrlsFollowOneAnother,
    CrlsOfAShardAndItsDeltasShareOneSequence, TheFirstCrlOfAShardMayHaveAnyNumber,
    TwoFirstCrlsInOneBatchAreOneTooMany, GivesACrlWithEveryFieldOrWithoutItsOctets,
    TheLatestCrlIsTheOneWithTheHighestNumber, DeltasDoNotPushFullCrlsOut);

}  // namespace signet::test
