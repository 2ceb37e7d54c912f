#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/engine_contract.h"

/// What every engine must do with changes of status and with CRLs, as one typed suite beside
/// EngineContract.
namespace signet::test {

inline store::Commit status_change(std::uint16_t number, store::CertificateStatus from,
                                   store::CertificateStatus to, int reason = 1) {
  store::Commit commit;
  commit.status_changes.push_back(
      {serial(number), from, to, kNoon2026, reason, kNoon2026 - std::chrono::hours{1}});
  return commit;
}

inline store::Commit crl_commit(std::uint64_t number, Time at = kNoon2026) {
  store::Commit commit;
  commit.crl = store::CrlRecord{number, at, at + std::chrono::hours{24},
                                to_bytes("crl " + std::to_string(number))};
  return commit;
}

template <typename Fixture>
class StatusContract : public EngineContract<Fixture> {
 protected:
  void issue(std::uint16_t number) { ASSERT_TRUE(this->apply_one(grant(number)).durable()); }
  store::CertificateRecord record(std::uint16_t number) {
    return (*this->engine().find_certificate(serial(number))).value();
  }
  std::vector<store::RevokedEntry> revoked(Time not_expired_at = Time{}) {
    std::vector<store::RevokedEntry> entries;
    EXPECT_TRUE(
        this->engine()
            .for_each_revoked(not_expired_at, [&](const auto& entry) { entries.push_back(entry); })
            .ok());
    return entries;
  }
};

TYPED_TEST_SUITE_P(StatusContract);

TYPED_TEST_P(StatusContract, ChangesAStatusWithTheDatesThatGoWithIt) {
  using enum store::CertificateStatus;
  this->issue(1);
  ASSERT_TRUE(this->apply_one(status_change(1, valid, on_hold, 6)).durable());
  EXPECT_EQ(this->record(1).status, on_hold);
  EXPECT_EQ(this->record(1).revocation_reason, 6);
  EXPECT_EQ(this->record(1).revoked_at, kNoon2026);
  EXPECT_EQ(this->record(1).invalidity_date, kNoon2026 - std::chrono::hours{1});
  ASSERT_TRUE(this->apply_one(status_change(1, on_hold, valid, 8)).durable());
  EXPECT_EQ(this->record(1).status, valid);
  EXPECT_EQ(this->record(1).revocation_reason, 0);
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
      this->apply({status_change(1, valid, revoked, 1), status_change(1, valid, revoked, 4)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::status_changed);
  EXPECT_EQ(this->record(1).revocation_reason, 1);
}

TYPED_TEST_P(StatusContract, TellsOfEachThatIsRevokedOrHeldInTheOrderOfIssue) {
  using enum store::CertificateStatus;
  for (std::uint16_t number = 1; number <= 4; ++number) this->issue(number);
  ASSERT_TRUE(this->apply_one(status_change(3, valid, revoked, 1)).durable());
  ASSERT_TRUE(this->apply_one(status_change(1, valid, on_hold, 6)).durable());
  const auto entries = this->revoked();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].serial_number, serial(1));
  EXPECT_EQ(entries[0].reason, 6);
  EXPECT_EQ(entries[1].serial_number, serial(3));
  EXPECT_EQ(entries[1].invalidity_date, kNoon2026 - std::chrono::hours{1});
  const auto end = this->record(3).not_after;
  EXPECT_FALSE(this->revoked(end).empty());
  EXPECT_TRUE(this->revoked(end + std::chrono::hours{100000}).empty());
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
  EXPECT_TRUE(this->revoked().empty());
  EXPECT_EQ(*this->engine().find_crl({}), std::nullopt);
}

TYPED_TEST_P(StatusContract, CrlsFollowOneAnother) {
  EXPECT_EQ(*this->engine().find_crl({}), std::nullopt);
  EXPECT_EQ(this->conflict_of(crl_commit(2)), store::Conflict::crl_number_taken);
  ASSERT_TRUE(this->apply_one(crl_commit(1)).durable());
  EXPECT_EQ(this->conflict_of(crl_commit(1)), store::Conflict::crl_number_taken);
  const auto later = kNoon2026 + std::chrono::hours{1};
  ASSERT_TRUE(this->apply_one(crl_commit(2, later)).durable());
  EXPECT_EQ(*this->engine().find_crl({}), crl_commit(2, later).crl);
  EXPECT_EQ(*this->engine().find_crl(later), crl_commit(1).crl);
  EXPECT_EQ(*this->engine().find_crl(kNoon2026), std::nullopt);
}

REGISTER_TYPED_TEST_SUITE_P(StatusContract, ChangesAStatusWithTheDatesThatGoWithIt,
                            RefusesAChangeFromAnotherStatusAndKeepsNothingOfIt,
                            LetsOneOfTwoChangesInOneBatchThrough,
                            TellsOfEachThatIsRevokedOrHeldInTheOrderOfIssue,
                            KeepsNothingOfABatchWhoseEventsCannotBeWritten, CrlsFollowOneAnother);

}  // namespace signet::test
