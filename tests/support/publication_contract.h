#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/engine_contract.h"

/// What every engine must do with what a directory is to be told, as one typed suite beside
/// EngineContract.
namespace signet::test {

inline store::Publication publication(
    std::uint8_t number, store::PublicationWish wish = store::PublicationWish::publish) {
  return {.serial_number = serial(number),
          .wish = wish,
          .at = kNoon2026 + std::chrono::seconds{number}};
}

template <typename Fixture>
class PublicationContract : public EngineContract<Fixture> {
 protected:
  static store::Commit publishing(std::initializer_list<std::uint8_t> numbers) {
    store::Commit commit;
    for (const auto number : numbers) commit.publications.push_back(publication(number));
    return commit;
  }
  std::vector<store::Publication> due(std::size_t most = 100) {
    return *this->engine().due_publications(most);
  }
  /// Without the numbers that the store gave.
  std::vector<store::Publication> due_as_given(std::size_t most = 100) {
    auto found = due(most);
    for (auto& each : found) each.number = 0;
    return found;
  }
  void settle(const std::vector<std::uint64_t>& numbers) {
    EXPECT_TRUE(this->engine().settle_publications(numbers).ok());
  }
};

TYPED_TEST_SUITE_P(PublicationContract);

TYPED_TEST_P(PublicationContract, HasNothingDueAtFirst) {
  EXPECT_TRUE(this->due().empty());
  this->settle({});
  this->settle({1, 7});
}

TYPED_TEST_P(PublicationContract, GivesWhatIsDueInTheOrderInWhichItCame) {
  ASSERT_TRUE(this->apply_one(this->publishing({3, 1})).durable());
  store::Commit revoked;
  revoked.publications = {publication(2, store::PublicationWish::withdraw)};
  const auto outcomes = this->apply({revoked, this->publishing({3})});
  for (const auto& outcome : outcomes) ASSERT_TRUE(outcome.durable());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(publication(3), publication(1),
                                                         revoked.publications[0], publication(3)));
  EXPECT_THAT(this->due_as_given(2), testing::ElementsAre(publication(3), publication(1)));
  EXPECT_TRUE(this->due(0).empty());
}

TYPED_TEST_P(PublicationContract, KeepsEachUntilItIsSettled) {
  ASSERT_TRUE(this->apply_one(this->publishing({1, 2, 3, 4})).durable());
  const auto before = this->due();
  ASSERT_EQ(before.size(), 4U);
  this->settle({before[2].number, before[0].number});
  EXPECT_THAT(this->due(), testing::ElementsAre(before[1], before[3]));
  this->settle({before[0].number});
  EXPECT_EQ(this->due().size(), 2U);
}

TYPED_TEST_P(PublicationContract, NeverGivesANumberTwice) {
  std::set<std::uint64_t> numbers;
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(this->apply_one(this->publishing({1, 2})).durable());
    for (const auto& each : this->due()) {
      EXPECT_GT(each.number, 0U);
      EXPECT_TRUE(numbers.insert(each.number).second) << "round " << round;
    }
    this->settle({numbers.begin(), numbers.end()});
    EXPECT_TRUE(this->due().empty());
  }
}

TYPED_TEST_P(PublicationContract, KeepsThemWithTheirCommitOrNotAtAll) {
  auto granted = grant(1);
  granted.publications = {publication(1)};
  ASSERT_TRUE(this->apply_one(granted).durable());
  auto conflicting = grant(1);
  conflicting.publications = {publication(2)};
  EXPECT_TRUE(this->conflict_of(conflicting).has_value());
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(publication(1)));
}

TYPED_TEST_P(PublicationContract, KeepsNoneOfABatchWhoseEventsCannotBeWritten) {
  ASSERT_TRUE(this->apply_one(this->publishing({1})).durable());
  auto granted = grant(2);
  granted.publications = {publication(2), publication(3)};
  FailingJournal journal;
  for (const auto& outcome : this->apply({this->publishing({4}), granted}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_THAT(this->due_as_given(), testing::ElementsAre(publication(1)));
}

TYPED_TEST_P(PublicationContract, KnowsWhatIsWithheldByTheLastChoice) {
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

REGISTER_TYPED_TEST_SUITE_P(PublicationContract, KnowsWhatIsWithheldByTheLastChoice,
                            HasNothingDueAtFirst, GivesWhatIsDueInTheOrderInWhichItCame,
                            KeepsEachUntilItIsSettled, NeverGivesANumberTwice,
                            KeepsThemWithTheirCommitOrNotAtAll,
                            KeepsNoneOfABatchWhoseEventsCannotBeWritten);

}  // namespace signet::test
