#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/engine_contract.h"

/// What every engine must do with what a directory is to be told, as one typed suite beside
/// EngineContract.
namespace signet::test {

inline store::OutboxEntry reminder(std::uint8_t number,
                                   store::OutboxLine line = store::OutboxLine::pressing) {
  return {.serial_number = serial(number),
          .line = line,
          .at = kNoon2026 + std::chrono::seconds{number}};
}

template <typename Fixture>
class OutboxContract : public EngineContract<Fixture> {
 protected:
  static store::Commit reminding(std::initializer_list<std::uint8_t> numbers) {
    store::Commit commit;
    for (const auto number : numbers) commit.outbox.push_back(reminder(number));
    return commit;
  }
  std::vector<store::OutboxEntry> due(std::size_t most = 100,
                                      store::OutboxLine line = store::OutboxLine::pressing) {
    return *this->engine().in_outbox(line, most);
  }
  /// Without the numbers that the store gave.
  std::vector<store::OutboxEntry> due_as_given(
      std::size_t most = 100, store::OutboxLine line = store::OutboxLine::pressing) {
    auto found = due(most, line);
    for (auto& each : found) each.number = 0;
    return found;
  }
  void take(const std::vector<std::uint64_t>& numbers) {
    EXPECT_TRUE(this->engine().take_from_outbox(numbers).ok());
  }
};

TYPED_TEST_SUITE_P(OutboxContract);

TYPED_TEST_P(OutboxContract, HasNothingDueAtFirst) {
  EXPECT_TRUE(this->due().empty());
  this->take({});
  this->take({1, 7});
}

TYPED_TEST_P(OutboxContract, GivesWhatIsDueInTheOrderInWhichItCame) {
  ASSERT_TRUE(this->apply_one(this->reminding({3, 1})).durable());
  for (const auto& outcome : this->apply({this->reminding({2}), this->reminding({4})})) {
    ASSERT_TRUE(outcome.durable());
  }
  EXPECT_THAT(this->due_as_given(),
              testing::ElementsAre(reminder(3), reminder(1), reminder(2), reminder(4)));
  EXPECT_THAT(this->due_as_given(2), testing::ElementsAre(reminder(3), reminder(1)));
  EXPECT_TRUE(this->due(0).empty());
}

TYPED_TEST_P(OutboxContract, KeepsTwoLinesEachInItsOwnOrder) {
  constexpr auto kUnhurried = store::OutboxLine::unhurried;
  store::Commit mixed;
  mixed.outbox = {reminder(5, kUnhurried), reminder(2), reminder(4, kUnhurried), reminder(1)};
  store::Commit later;
  later.outbox = {reminder(3, kUnhurried), reminder(3)};
  for (const auto& outcome : this->apply({mixed, later})) ASSERT_TRUE(outcome.durable());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(reminder(2), reminder(1), reminder(3)));
  EXPECT_THAT(this->due_as_given(100, kUnhurried),
              testing::ElementsAre(reminder(5, kUnhurried), reminder(4, kUnhurried),
                                   reminder(3, kUnhurried)));
  EXPECT_THAT(this->due_as_given(1, kUnhurried), testing::ElementsAre(reminder(5, kUnhurried)));
  const auto backlog = this->due(100, kUnhurried);
  const auto pressing = this->due();
  ASSERT_EQ(backlog.size(), 3U);
  ASSERT_EQ(pressing.size(), 3U);
  this->take({backlog[0].number, backlog[2].number, pressing[1].number});
  EXPECT_THAT(this->due(100, kUnhurried), testing::ElementsAre(backlog[1]));
  EXPECT_THAT(this->due(), testing::ElementsAre(pressing[0], pressing[2]));
}

TYPED_TEST_P(OutboxContract, KeepsOneOfACertificateInEachLine) {
  constexpr auto kUnhurried = store::OutboxLine::unhurried;
  store::Commit both;
  both.outbox = {reminder(1), reminder(1, kUnhurried), reminder(2), reminder(2, kUnhurried)};
  ASSERT_TRUE(this->apply_one(both).durable());
  const auto unhurried = this->due(100, kUnhurried);
  auto again = reminder(1);
  again.at += std::chrono::hours{1};
  store::Commit later;
  later.outbox = {again};
  ASSERT_TRUE(this->apply_one(later).durable());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(reminder(2), again));
  EXPECT_EQ(this->due(100, kUnhurried), unhurried) << "the other line";
  const auto wishing = [&](std::uint8_t number) {
    store::Commit commit;
    commit.outbox = {reminder(number, kUnhurried), reminder(number, kUnhurried)};
    return commit;
  };
  for (const auto& outcome : this->apply({wishing(1), wishing(3), wishing(1), wishing(3)})) {
    ASSERT_TRUE(outcome.durable());
  }
  EXPECT_THAT(this->due_as_given(100, kUnhurried),
              testing::ElementsAre(reminder(2, kUnhurried), reminder(1, kUnhurried),
                                   reminder(3, kUnhurried)));
  EXPECT_EQ(this->due().size(), 2U) << "the other line";
}

TYPED_TEST_P(OutboxContract, SettlesNoneThatCameInThePlaceOfTheOneThatWasTold) {
  for (const auto line : {store::OutboxLine::pressing, store::OutboxLine::unhurried}) {
    store::Commit commit;
    commit.outbox = {reminder(1, line)};
    ASSERT_TRUE(this->apply_one(commit).durable());
    const auto told = this->due(100, line);
    ASSERT_EQ(told.size(), 1U);
    ASSERT_TRUE(this->apply_one(commit).durable());  // while it is told
    this->take({told[0].number});
    const auto left = this->due(100, line);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_NE(left[0].number, told[0].number);
  }
}

TYPED_TEST_P(OutboxContract, LeavesInItsPlaceWhatABatchThatFailsWouldHaveReplaced) {
  constexpr auto kUnhurried = store::OutboxLine::unhurried;
  store::Commit standing;
  standing.outbox = {reminder(1), reminder(2), reminder(1, kUnhurried), reminder(2, kUnhurried)};
  ASSERT_TRUE(this->apply_one(standing).durable());
  const auto pressing = this->due();
  const auto unhurried = this->due(100, kUnhurried);
  FailingJournal journal;
  auto granted = grant(2);
  granted.outbox = {reminder(1), reminder(1, kUnhurried), reminder(1)};
  for (const auto& outcome : this->apply({this->reminding({1, 2}), granted}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_EQ(this->due(), pressing);
  EXPECT_EQ(this->due(100, kUnhurried), unhurried);
  ASSERT_TRUE(this->apply_one(this->reminding({1})).durable());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(reminder(2), reminder(1)));
}

TYPED_TEST_P(OutboxContract, KeepsEachUntilItIsTakenOut) {
  ASSERT_TRUE(this->apply_one(this->reminding({1, 2, 3, 4})).durable());
  const auto before = this->due();
  ASSERT_EQ(before.size(), 4U);
  this->take({before[2].number, before[0].number});
  EXPECT_THAT(this->due(), testing::ElementsAre(before[1], before[3]));
  this->take({before[0].number});
  EXPECT_EQ(this->due().size(), 2U);
}

TYPED_TEST_P(OutboxContract, NeverGivesANumberTwice) {
  std::set<std::uint64_t> numbers;
  for (int round = 0; round < 5; ++round) {
    for (const auto line : {store::OutboxLine::pressing, store::OutboxLine::unhurried}) {
      store::Commit commit;
      commit.outbox = {reminder(1, line), reminder(2, line)};
      ASSERT_TRUE(this->apply_one(commit).durable());
      for (const auto& each : this->due(100, line)) {
        EXPECT_GT(each.number, 0U);
        EXPECT_TRUE(numbers.insert(each.number).second) << "round " << round;
      }
      this->take({numbers.begin(), numbers.end()});
      EXPECT_TRUE(this->due(100, line).empty());
    }
  }
}

TYPED_TEST_P(OutboxContract, KeepsThemWithTheirCommitOrNotAtAll) {
  auto granted = grant(1);
  granted.outbox = {reminder(1)};
  ASSERT_TRUE(this->apply_one(granted).durable());
  auto conflicting = grant(1);
  conflicting.outbox = {reminder(2)};
  EXPECT_TRUE(this->conflict_of(conflicting).has_value());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(reminder(1)));
}

TYPED_TEST_P(OutboxContract, KeepsNoneOfABatchWhoseEventsCannotBeWritten) {
  ASSERT_TRUE(this->apply_one(this->reminding({1})).durable());
  auto granted = grant(2);
  granted.outbox = {reminder(2), reminder(3)};
  FailingJournal journal;
  for (const auto& outcome : this->apply({this->reminding({4}), granted}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(reminder(1)));
}

TYPED_TEST_P(OutboxContract, KnowsTheLastChoiceFromNone) {
  const auto chosen = [&] { return *this->engine().find_publication_choice(serial(1)); };
  EXPECT_EQ(chosen(), std::nullopt);
  for (const bool is_withheld : {false, true, false}) {
    store::Commit commit;
    commit.publication_choices = {{serial(1), !is_withheld}, {serial(1), is_withheld}};
    ASSERT_TRUE(this->apply_one(commit).durable());
    const store::PublicationChoice expected{serial(1), is_withheld};
    EXPECT_EQ(chosen(), expected);
    FailingJournal journal;
    auto granted = grant(is_withheld ? 8 : 9);
    granted.publication_choices = {{serial(1), !is_withheld}};
    EXPECT_TRUE(this->apply({granted}, journal)[0].failed.has_value());
    EXPECT_EQ(chosen(), expected);
  }
  EXPECT_EQ(*this->engine().find_publication_choice(serial(2)), std::nullopt);
}

TYPED_TEST_P(OutboxContract, KnowsWhatIsWithheldByTheLastChoice) {
  const auto choosing = [](std::vector<store::PublicationChoice> choices) {
    store::Commit commit;
    commit.publication_choices = std::move(choices);
    return commit;
  };
  const auto withheld = [&](std::uint8_t number) {
    return *this->engine().is_withheld(serial(number));
  };
  EXPECT_FALSE(withheld(1));
  ASSERT_TRUE(this->apply_one(choosing({{serial(1), true}, {serial(2), true}})).durable());
  EXPECT_TRUE(withheld(1) && withheld(2));
  EXPECT_FALSE(withheld(3));
  ASSERT_TRUE(this->apply_one(choosing({{serial(1), false}})).durable());
  EXPECT_FALSE(withheld(1));
  EXPECT_TRUE(withheld(2));
  for (const auto& outcome :
       this->apply({choosing({{serial(2), false}}), choosing({{serial(2), true}})})) {
    EXPECT_TRUE(outcome.durable());
  }
  EXPECT_TRUE(withheld(2)) << "the last of a batch";
  FailingJournal journal;
  auto granted = grant(4);
  granted.publication_choices = {{serial(2), false}, {serial(4), true}};
  EXPECT_TRUE(this->apply({granted}, journal)[0].failed.has_value());
  EXPECT_TRUE(withheld(2));
  EXPECT_FALSE(withheld(4));
}

REGISTER_TYPED_TEST_SUITE_P(OutboxContract, KnowsWhatIsWithheldByTheLastChoice,
                            KnowsTheLastChoiceFromNone, KeepsOneOfACertificateInEachLine,
                            SettlesNoneThatCameInThePlaceOfTheOneThatWasTold,
                            LeavesInItsPlaceWhatABatchThatFailsWouldHaveReplaced,
                            HasNothingDueAtFirst, GivesWhatIsDueInTheOrderInWhichItCame,
                            KeepsTwoLinesEachInItsOwnOrder, KeepsEachUntilItIsTakenOut,
                            NeverGivesANumberTwice, KeepsThemWithTheirCommitOrNotAtAll,
                            KeepsNoneOfABatchWhoseEventsCannotBeWritten);

}  // namespace signet::test
