#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/engine_rules.h"
#include "support/engine_contract.h"

/// What every engine must do with challenges, as one typed suite beside EngineContract.
namespace signet::test {

inline store::PendingChallenge challenge(std::uint8_t number) {
  return {.id = Bytes(16, number),
          .requester_hash = Bytes(32, number),
          .req_sequence = Bytes{0x30, 0x01, number},
          .sealed_seed = to_bytes("sealed " + std::to_string(number)),
          .profile_id = "profile " + std::to_string(number),
          .transaction_id = Bytes{number},
          .form = number % 2 == 0 ? store::ChallengeForm::standard : store::ChallengeForm::dogtag,
          .created_at = kNoon2026,
          .expires_at = kNoon2026 + std::chrono::hours{1},
          .state = store::ChallengeState::open,
          .wrong_answers = 0};
}

inline store::Commit beginning(const store::PendingChallenge& challenge) {
  store::Commit commit;
  commit.challenge = challenge;
  return commit;
}

inline store::Commit change_of(std::uint8_t number, store::ChallengeEvent event) {
  store::Commit commit;
  commit.challenge_change = store::ChallengeChange{Bytes(16, number), event, 3};
  return commit;
}

template <typename Fixture>
class ChallengeContract : public EngineContract<Fixture> {
 protected:
  void begin(std::uint8_t number) {
    ASSERT_TRUE(this->apply_one(beginning(challenge(number))).durable());
  }
  std::optional<store::PendingChallenge> find(std::uint8_t number) {
    return *this->engine().find_challenge(Bytes(16, number));
  }
  store::ChallengeState state(std::uint8_t number) { return find(number).value().state; }
};

TYPED_TEST_SUITE_P(ChallengeContract);

TYPED_TEST_P(ChallengeContract, FindsAChallengeByItsIdAlone) {
  EXPECT_EQ(this->find(1), std::nullopt);
  this->begin(1);
  this->begin(2);
  EXPECT_EQ(this->find(1), challenge(1));
  EXPECT_EQ(this->find(2), challenge(2));
  EXPECT_EQ(*this->engine().find_challenge(Bytes(15, 1)), std::nullopt);
  EXPECT_EQ(*this->engine().find_challenge(Bytes{}), std::nullopt);
}

TYPED_TEST_P(ChallengeContract, ListsThoseOpenOfATransactionTheLastToExpireFirst) {
  const auto requester = Bytes(32, 9);
  const auto begin = [&](std::uint8_t number, int minutes, const Bytes& transaction) {
    auto begun = challenge(number);
    begun.requester_hash = requester;
    begun.transaction_id = transaction;
    begun.expires_at = kNoon2026 + std::chrono::minutes{minutes};
    EXPECT_TRUE(this->apply_one(beginning(begun)).durable());
    return begun;
  };
  const auto first = begin(1, 20, Bytes{7});
  const auto last = begin(2, 40, Bytes{7});
  const auto next = begin(3, 30, Bytes{7});
  const auto other = begin(4, 50, Bytes{0, 7});
  const auto of_none = begin(5, 50, Bytes{});
  begin(6, 60, Bytes{7});
  ASSERT_TRUE(this->apply_one(change_of(6, store::ChallengeEvent::withdrawn)).durable());
  this->begin(7);  // another's, of the same transaction
  const auto open_in = [&](const Bytes& transaction, std::size_t most) {
    return *this->engine().open_challenges(requester, transaction, most);
  };
  EXPECT_THAT(open_in(Bytes{7}, 9), testing::ElementsAre(last, next, first));
  EXPECT_THAT(open_in(Bytes{7}, 2), testing::ElementsAre(last, next));
  EXPECT_THAT(open_in(Bytes{0, 7}, 9), testing::ElementsAre(other));
  EXPECT_THAT(open_in(Bytes{}, 9), testing::ElementsAre(of_none));
  EXPECT_THAT(open_in(Bytes{8}, 9), testing::IsEmpty());
  ASSERT_TRUE(this->apply_one(change_of(2, store::ChallengeEvent::answered)).durable());
  EXPECT_THAT(open_in(Bytes{7}, 9), testing::ElementsAre(next, first));
}

TYPED_TEST_P(ChallengeContract, IsAnsweredOnce) {
  this->begin(1);
  EXPECT_TRUE(this->apply_one(change_of(1, store::ChallengeEvent::answered)).durable());
  EXPECT_EQ(this->state(1), store::ChallengeState::answered);
  EXPECT_EQ(this->conflict_of(change_of(1, store::ChallengeEvent::answered)),
            store::Conflict::challenge_closed);
}

TYPED_TEST_P(ChallengeContract, LetsOneOfTwoAnswersInOneBatchThrough) {
  this->begin(1);
  const auto outcomes = this->apply({change_of(1, store::ChallengeEvent::answered),
                                     change_of(1, store::ChallengeEvent::answered)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::challenge_closed);
}

TYPED_TEST_P(ChallengeContract, FailsWithTheLastWrongAnswer) {
  this->begin(1);
  for (std::size_t wrong = 1; wrong <= 2; ++wrong) {
    ASSERT_TRUE(this->apply_one(change_of(1, store::ChallengeEvent::answered_wrongly)).durable());
    EXPECT_EQ(this->state(1), store::ChallengeState::open);
    EXPECT_EQ(this->find(1)->wrong_answers, wrong);
  }
  ASSERT_TRUE(this->apply_one(change_of(1, store::ChallengeEvent::answered_wrongly)).durable());
  EXPECT_EQ(this->state(1), store::ChallengeState::failed);
  EXPECT_EQ(this->conflict_of(change_of(1, store::ChallengeEvent::answered)),
            store::Conflict::challenge_closed);
}

TYPED_TEST_P(ChallengeContract, NothingChangesAClosedOne) {
  using store::ChallengeEvent;
  this->begin(1);
  ASSERT_TRUE(this->apply_one(change_of(1, ChallengeEvent::withdrawn)).durable());
  const auto closed = this->find(1);
  EXPECT_EQ(closed->state, store::ChallengeState::withdrawn);
  EXPECT_TRUE(this->apply_one(change_of(1, ChallengeEvent::answered_wrongly)).durable());
  EXPECT_TRUE(this->apply_one(change_of(1, ChallengeEvent::withdrawn)).durable());
  EXPECT_EQ(this->conflict_of(change_of(1, ChallengeEvent::answered)),
            store::Conflict::challenge_closed);
  EXPECT_EQ(this->find(1), closed);
}

TYPED_TEST_P(ChallengeContract, WhatIsNotThereCannotBeAnswered) {
  using store::ChallengeEvent;
  EXPECT_EQ(this->conflict_of(change_of(1, ChallengeEvent::answered)),
            store::Conflict::challenge_closed);
  EXPECT_TRUE(this->apply_one(change_of(1, ChallengeEvent::answered_wrongly)).durable());
  EXPECT_EQ(this->find(1), std::nullopt);
}

TYPED_TEST_P(ChallengeContract, IsAnsweredTogetherWithTheCertificateOrNotAtAll) {
  this->begin(1);
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto conflicting = grant(1);
  conflicting.challenge_change = change_of(1, store::ChallengeEvent::answered).challenge_change;
  EXPECT_TRUE(this->conflict_of(conflicting).has_value());
  EXPECT_EQ(this->state(1), store::ChallengeState::open);
  auto closed = grant(2);
  closed.challenge_change = change_of(9, store::ChallengeEvent::answered).challenge_change;
  EXPECT_EQ(this->conflict_of(closed), store::Conflict::challenge_closed);
  this->expect_absent(2);
}

TYPED_TEST_P(ChallengeContract, KeepsNothingOfABatchWhoseEventsCannotBeWritten) {
  this->begin(1);
  auto answered = grant(1);
  answered.challenge_change = change_of(1, store::ChallengeEvent::answered).challenge_change;
  auto begun = grant(2);
  begun.challenge = challenge(2);
  FailingJournal journal;
  for (const auto& outcome : this->apply({answered, begun}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_EQ(this->find(1), challenge(1));
  EXPECT_EQ(this->find(2), std::nullopt);
}

TYPED_TEST_P(ChallengeContract, RemembersWhichAnswerWasAChallenge) {
  auto commit = grant(1);
  commit.certificates.clear();
  commit.answered->serial_numbers.clear();
  commit.answered->challenge_id = Bytes(16, 1);
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(this->engine().seen_before(*commit.answered)->answer, commit.answered);
}

TYPED_TEST_P(ChallengeContract, MayBeWithdrawnInTheBatchThatForgetsIt) {
  this->begin(1);
  auto later = challenge(2);
  later.created_at = challenge(1).expires_at + std::chrono::days{2};
  const auto outcomes =
      this->apply({beginning(later), change_of(1, store::ChallengeEvent::withdrawn), grant(1)});
  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.durable());
  EXPECT_EQ(this->find(2), later);
}

REGISTER_TYPED_TEST_SUITE_P(ChallengeContract, FindsAChallengeByItsIdAlone,
                            ListsThoseOpenOfATransactionTheLastToExpireFirst, IsAnsweredOnce,
                            LetsOneOfTwoAnswersInOneBatchThrough, FailsWithTheLastWrongAnswer,
                            NothingChangesAClosedOne, MayBeWithdrawnInTheBatchThatForgetsIt,
                            WhatIsNotThereCannotBeAnswered,
                            IsAnsweredTogetherWithTheCertificateOrNotAtAll,
                            KeepsNothingOfABatchWhoseEventsCannotBeWritten,
                            RemembersWhichAnswerWasAChallenge);

}  // namespace signet::test
