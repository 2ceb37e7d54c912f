#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/engine_contract.h"

/// What every engine must do with pending requests, awaited confirmations and revocation secrets,
/// as one typed suite beside EngineContract.
namespace signet::test {

inline store::PendingRequest pending(std::uint8_t number) {
  return {.id = Bytes(16, number),
          .requester_hash = Bytes(32, number),
          .transaction_id = Bytes{number},
          .message = Bytes{0x30, 0x01, number},
          .tls_client_certificate = number % 2 == 0 ? Bytes{} : Bytes{0x30, 0x00},
          .client_address = "192.0.2." + std::to_string(number),
          .profile_id = "profile " + std::to_string(number),
          .requester = "CN=Alice",
          .subject = "CN=Alice " + std::to_string(number),
          .created_at = kNoon2026 + std::chrono::seconds{number},
          .expires_at = kNoon2026 + std::chrono::days{7}};
}

inline store::PendingDecision decision(std::uint8_t number, store::PendingState to) {
  return {.id = Bytes(16, number),
          .to = to,
          .at = kNoon2026 + std::chrono::hours{1},
          .by = "CN=Agent",
          .note = "seen in person",
          .serial_numbers = {serial(number), serial(100)}};
}

inline store::AwaitedConfirmation awaited(std::uint8_t number) {
  return {.serial_number = serial(number),
          .requester_hash = Bytes(32, 0x77),
          .transaction_id = Bytes{0x01},
          .until = kNoon2026 + std::chrono::seconds{number}};
}

template <typename Fixture>
class LifeContract : public EngineContract<Fixture> {
 protected:
  void begin(std::uint8_t number) {
    store::Commit commit;
    commit.pending = pending(number);
    ASSERT_TRUE(this->apply_one(commit).durable());
  }
  static store::Commit deciding(std::uint8_t number, store::PendingState to) {
    store::Commit commit;
    commit.pending_decision = decision(number, to);
    return commit;
  }
  static store::Commit awaiting(std::initializer_list<std::uint8_t> numbers) {
    store::Commit commit;
    for (const auto number : numbers) commit.awaited.push_back(awaited(number));
    return commit;
  }
  static store::Commit settling(std::uint8_t number) {
    store::Commit commit;
    commit.settled.push_back(serial(number));
    return commit;
  }
  std::optional<store::PendingRequest> find(std::uint8_t number) {
    return *this->engine().find_pending(Bytes(16, number));
  }
};

TYPED_TEST_SUITE_P(LifeContract);

TYPED_TEST_P(LifeContract, FindsAPendingRequestByItsIdAlone) {
  EXPECT_EQ(this->find(1), std::nullopt);
  this->begin(1);
  this->begin(2);
  EXPECT_EQ(this->find(1), pending(1));
  EXPECT_EQ(this->find(2), pending(2));
  EXPECT_EQ(*this->engine().find_pending(Bytes(15, 1)), std::nullopt);
}

TYPED_TEST_P(LifeContract, ListsPendingRequestsNewestFirst) {
  this->begin(1);
  this->begin(3);
  this->begin(2);
  ASSERT_TRUE(this->apply_one(this->deciding(2, store::PendingState::rejected)).durable());
  using Found = std::vector<store::PendingRequest>;
  const auto listed = [](std::uint8_t number) {
    auto request = pending(number);
    EXPECT_FALSE(request.message.empty());
    request.message.clear();
    return request;
  };
  EXPECT_EQ(*this->engine().list_pending(store::PendingState::open, 10, {}),
            (Found{listed(3), listed(1)}));
  EXPECT_EQ(*this->engine().list_pending(store::PendingState::open, 1, {}), Found{listed(3)});
  EXPECT_EQ(*this->engine().list_pending(store::PendingState::granted, 10, {}), Found{});
  EXPECT_EQ(this->engine().list_pending(std::nullopt, 10, {})->size(), 3U);
}

TYPED_TEST_P(LifeContract, ListsPendingRequestsPageByPageEachOnce) {
  for (const std::uint8_t number : std::initializer_list<std::uint8_t>{4, 1, 5, 2, 3}) {
    auto request = pending(number);
    request.created_at = kNoon2026 + std::chrono::seconds{number / 4};  // 1 to 3 in one second
    store::Commit commit;
    commit.pending = request;
    ASSERT_TRUE(this->apply_one(commit).durable());
  }
  ASSERT_TRUE(this->apply_one(this->deciding(2, store::PendingState::rejected)).durable());
  const auto numbers_after = [&](std::optional<store::PendingState> state, ByteView after) {
    std::vector<int> numbers;
    for (const auto& each : *this->engine().list_pending(state, 2, after)) {
      numbers.push_back(each.id.front());
    }
    return numbers;
  };
  using Numbers = std::vector<int>;
  EXPECT_EQ(numbers_after(std::nullopt, {}), (Numbers{5, 4}));
  EXPECT_EQ(numbers_after(std::nullopt, Bytes(16, 4)), (Numbers{3, 2}));
  EXPECT_EQ(numbers_after(std::nullopt, Bytes(16, 2)), Numbers{1});
  EXPECT_EQ(numbers_after(std::nullopt, Bytes(16, 1)), Numbers{});
  const auto open = store::PendingState::open;
  EXPECT_EQ(numbers_after(open, Bytes(16, 4)), (Numbers{3, 1}));
  EXPECT_EQ(numbers_after(open, Bytes(16, 2)), Numbers{1}) << "the cursor need not be open";
  EXPECT_EQ(numbers_after(open, Bytes(16, 9)), Numbers{}) << "there is none";
}

TYPED_TEST_P(LifeContract, CountsWhatWaitsOfOneRequesterUpToABound) {
  const auto requester = Bytes(32, 0x51);
  const auto ends = kNoon2026 + std::chrono::hours{1};
  const auto count = [&](Time now, std::size_t most) {
    return *this->engine().count_waiting(requester, now, most);
  };
  EXPECT_EQ(count(kNoon2026, 10), 0U);
  std::uint8_t number = 1;
  const auto keep_request = [&](const Bytes& of, store::PendingState state, Time until) {
    auto made = pending(number++);
    made.requester_hash = of;
    made.expires_at = until;
    store::Commit commit;
    commit.pending = made;
    ASSERT_TRUE(this->apply_one(commit).durable());
    if (state == store::PendingState::open) return;
    commit = {};
    commit.pending_decision = decision(made.id.front(), state);
    ASSERT_TRUE(this->apply_one(commit).durable());
  };
  const auto keep_challenge = [&](const Bytes& of, store::ChallengeState state, Time until) {
    store::Commit commit;
    commit.challenge = store::PendingChallenge{.id = Bytes(16, number++),
                                               .requester_hash = of,
                                               .req_sequence = {},
                                               .sealed_seed = {},
                                               .profile_id = {},
                                               .transaction_id = {},
                                               .created_at = kNoon2026,
                                               .expires_at = until,
                                               .state = state};
    ASSERT_TRUE(this->apply_one(commit).durable());
  };
  using store::ChallengeState;
  using store::PendingState;
  keep_request(requester, PendingState::open, ends);
  keep_challenge(requester, ChallengeState::open, ends);
  EXPECT_EQ(count(kNoon2026, 10), 2U);
  EXPECT_EQ(count(ends, 10), 2U) << "the last second counts";
  EXPECT_EQ(count(ends + std::chrono::seconds{1}, 10), 0U);
  for (const auto state : {PendingState::granted, PendingState::rejected}) {
    keep_request(requester, state, ends);
  }
  for (const auto state :
       {ChallengeState::answered, ChallengeState::failed, ChallengeState::withdrawn}) {
    keep_challenge(requester, state, ends);
  }
  keep_request(Bytes(32, 0x52), PendingState::open, ends);
  keep_challenge(Bytes(32, 0x50), ChallengeState::open, ends);
  keep_request(Bytes(31, 0x51), PendingState::open, ends);
  EXPECT_EQ(count(kNoon2026, 10), 2U) << "decided, closed or another's";
  keep_request(requester, PendingState::open, ends + std::chrono::hours{1});
  EXPECT_EQ(count(kNoon2026, 10), 3U);
  EXPECT_EQ(count(kNoon2026, 3), 3U);
  EXPECT_EQ(count(kNoon2026, 2), 2U);
  EXPECT_EQ(count(kNoon2026, 1), 1U);
  EXPECT_EQ(count(kNoon2026, 0), 0U);
  EXPECT_EQ(count(ends + std::chrono::minutes{1}, 10), 1U);
}

TYPED_TEST_P(LifeContract, KeepsAChallengeWhileItsRequestWaits) {
  const auto challenged = [](std::uint8_t number) {
    return store::PendingChallenge{.id = Bytes(16, number),
                                   .requester_hash = Bytes(32, number),
                                   .req_sequence = Bytes{0x30, 0x00},
                                   .sealed_seed = Bytes{number},
                                   .profile_id = "profile",
                                   .transaction_id = Bytes{number},
                                   .form = store::ChallengeForm::standard,
                                   .created_at = kNoon2026,
                                   .expires_at = kNoon2026 + std::chrono::hours{1},
                                   .state = store::ChallengeState::open,
                                   .wrong_answers = 0};
  };
  const auto begin_challenge = [&](const store::PendingChallenge& challenge) {
    store::Commit commit;
    commit.challenge = challenge;
    ASSERT_TRUE(this->apply_one(commit).durable());
  };
  begin_challenge(challenged(1));
  this->begin(1);
  auto later = challenged(3);
  later.created_at = kNoon2026 + std::chrono::days{6};
  begin_challenge(later);
  EXPECT_EQ(*this->engine().find_challenge(Bytes(16, 1)), challenged(1));
}

TYPED_TEST_P(LifeContract, DecidesAPendingRequestOnce) {
  this->begin(1);
  EXPECT_TRUE(this->apply_one(this->deciding(1, store::PendingState::granted)).durable());
  auto decided = pending(1);
  const auto made = decision(1, store::PendingState::granted);
  decided.state = made.to;
  decided.decided_at = made.at;
  decided.decided_by = made.by;
  decided.note = made.note;
  decided.serial_numbers = made.serial_numbers;
  EXPECT_EQ(this->find(1), decided);
  EXPECT_EQ(this->conflict_of(this->deciding(1, store::PendingState::rejected)),
            store::Conflict::request_decided);
  EXPECT_EQ(this->find(1), decided);
  EXPECT_EQ(this->conflict_of(this->deciding(2, store::PendingState::granted)),
            store::Conflict::request_decided);
}

TYPED_TEST_P(LifeContract, LetsOneOfTwoDecisionsInOneBatchThrough) {
  this->begin(1);
  const auto outcomes = this->apply({this->deciding(1, store::PendingState::rejected),
                                     this->deciding(1, store::PendingState::granted)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::request_decided);
  EXPECT_EQ(this->find(1)->state, store::PendingState::rejected);
}

TYPED_TEST_P(LifeContract, DecidesTogetherWithTheCertificateOrNotAtAll) {
  this->begin(1);
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto conflicting = grant(1);
  conflicting.pending_decision = decision(1, store::PendingState::granted);
  EXPECT_TRUE(this->conflict_of(conflicting).has_value());
  EXPECT_EQ(this->find(1), pending(1));
  auto too_late = grant(2);
  too_late.pending_decision = decision(9, store::PendingState::granted);
  EXPECT_EQ(this->conflict_of(too_late), store::Conflict::request_decided);
  this->expect_absent(2);
}

TYPED_TEST_P(LifeContract, SettlesAnAwaitedConfirmationOnce) {
  ASSERT_TRUE(this->apply_one(this->awaiting({1, 2})).durable());
  EXPECT_EQ(*this->engine().find_awaited(serial(1)), awaited(1));
  EXPECT_EQ(*this->engine().find_awaited(serial(3)), std::nullopt);
  EXPECT_TRUE(this->apply_one(this->settling(1)).durable());
  EXPECT_EQ(*this->engine().find_awaited(serial(1)), std::nullopt);
  EXPECT_EQ(*this->engine().find_awaited(serial(2)), awaited(2));
  EXPECT_EQ(this->conflict_of(this->settling(1)), store::Conflict::confirmation_settled);
}

TYPED_TEST_P(LifeContract, FindsAwaitedConfirmationsByRequesterAndTransaction) {
  auto commit = this->awaiting({1, 2});
  auto other = awaited(3);
  other.requester_hash = Bytes(32, 0x66);
  commit.awaited.push_back(other);
  auto without = awaited(4);
  without.transaction_id.clear();
  commit.awaited.push_back(without);
  ASSERT_TRUE(this->apply_one(commit).durable());
  using Found = std::vector<store::AwaitedConfirmation>;
  EXPECT_EQ(*this->engine().awaited_in(Bytes(32, 0x77), Bytes{0x01}),
            (Found{awaited(1), awaited(2)}));
  EXPECT_EQ(*this->engine().awaited_in(Bytes(32, 0x66), Bytes{0x01}), Found{other});
  EXPECT_EQ(*this->engine().awaited_in(Bytes(32, 0x77), Bytes{0x02}), Found{});
  EXPECT_EQ(*this->engine().awaited_in(Bytes(32, 0x77), Bytes{}), Found{});
}

TYPED_TEST_P(LifeContract, FindsWhatIsOverdueTheLongestFirst) {
  ASSERT_TRUE(this->apply_one(this->awaiting({3, 1, 2})).durable());
  using Found = std::vector<store::AwaitedConfirmation>;
  EXPECT_EQ(*this->engine().overdue(kNoon2026 + std::chrono::seconds{1}, 10), Found{});
  EXPECT_EQ(*this->engine().overdue(kNoon2026 + std::chrono::seconds{3}, 10),
            (Found{awaited(1), awaited(2)}));
  EXPECT_EQ(*this->engine().overdue(kNoon2026 + std::chrono::hours{1}, 1), Found{awaited(1)});
}

TYPED_TEST_P(LifeContract, KeepsOneRevocationSecretOfACertificate) {
  const store::RevocationSecret first{serial(1), "first"};
  const store::RevocationSecret second{serial(1), "second"};
  EXPECT_EQ(this->engine().put_revocation_secret(first).error().fault,
            Fault::certificate_not_found);
  auto commit = grant(1);
  commit.revocation_secrets.push_back(first);
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(*this->engine().find_revocation_secret(serial(1)), first);
  EXPECT_EQ(*this->engine().find_revocation_secret(serial(2)), std::nullopt);
  ASSERT_TRUE(this->engine().put_revocation_secret(second).ok());
  EXPECT_EQ(*this->engine().find_revocation_secret(serial(1)), second);
}

TYPED_TEST_P(LifeContract, KeepsNothingOfABatchWhoseEventsCannotBeWritten) {
  this->begin(1);
  ASSERT_TRUE(this->apply_one(this->awaiting({1})).durable());
  auto commit = grant(1);
  commit.pending = pending(2);
  commit.pending_decision = decision(1, store::PendingState::granted);
  commit.awaited.push_back(awaited(2));
  commit.settled.push_back(serial(1));
  commit.revocation_secrets.push_back({serial(1), "secret"});
  FailingJournal journal;
  for (const auto& outcome : this->apply({commit}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_EQ(this->find(1), pending(1));
  EXPECT_EQ(this->find(2), std::nullopt);
  EXPECT_EQ(*this->engine().find_awaited(serial(1)), awaited(1));
  EXPECT_EQ(*this->engine().find_awaited(serial(2)), std::nullopt);
  EXPECT_EQ(*this->engine().find_revocation_secret(serial(1)), std::nullopt);
}

TYPED_TEST_P(LifeContract, RemembersWhichAnswerWasPending) {
  auto commit = grant(1);
  commit.answered->pending_id = Bytes(16, 1);
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(this->engine().seen_before(*commit.answered)->answer, commit.answered);
}

REGISTER_TYPED_TEST_SUITE_P(
    LifeContract, CountsWhatWaitsOfOneRequesterUpToABound, FindsAPendingRequestByItsIdAlone,
    ListsPendingRequestsNewestFirst, ListsPendingRequestsPageByPageEachOnce,
    KeepsAChallengeWhileItsRequestWaits, DecidesAPendingRequestOnce,
    LetsOneOfTwoDecisionsInOneBatchThrough, DecidesTogetherWithTheCertificateOrNotAtAll,
    SettlesAnAwaitedConfirmationOnce, FindsAwaitedConfirmationsByRequesterAndTransaction,
    FindsWhatIsOverdueTheLongestFirst, KeepsOneRevocationSecretOfACertificate,
    KeepsNothingOfABatchWhoseEventsCannotBeWritten, RemembersWhichAnswerWasPending);

}  // namespace signet::test
