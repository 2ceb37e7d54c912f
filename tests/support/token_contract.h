#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/certificate_store.h"
#include "support/engine_contract.h"

/// What every engine must do with shared secrets, as one typed suite beside EngineContract.
namespace signet::test {

inline Bytes token_id(std::uint8_t number) {
  return Bytes(16, number);
}

inline store::SharedToken token(std::uint8_t number) {
  return {.id = token_id(number),
          .identification = "user " + std::to_string(number),
          .sealed_secret = to_bytes("sealed " + std::to_string(number)),
          .subject = "CN=User " + std::to_string(number) + ",O=Example",
          .created_at = kNoon2026 + std::chrono::seconds{number},
          .expires_at = kNoon2026 + std::chrono::hours{24},
          .uses_allowed = 3,
          .revoked = false};
}

/// Nothing but a use of one token, which may be used so often; 0: without limit.
inline store::Commit use_of(Bytes id, std::size_t most_uses) {
  store::Commit commit;
  commit.token_use = store::TokenUse{std::move(id), most_uses};
  return commit;
}

inline store::Commit failure_of(Bytes id, Time at = kNoon2026) {
  store::Commit commit;
  commit.token_failure = store::TokenFailure{std::move(id), at};
  return commit;
}

template <typename Fixture>
class TokenContract : public EngineContract<Fixture> {
 protected:
  void add(const store::SharedToken& token) { ASSERT_TRUE(this->engine().add_token(token).ok()); }
  std::optional<store::SharedToken> find(std::string_view identification) {
    return *this->engine().find_token(identification);
  }
  store::TokenHistory history(ByteView id) { return *this->engine().token_history(id); }
  /// A wrong proof of the token with this number, so many seconds after noon.
  void fail(std::uint8_t number, int second, const std::string& identification) {
    auto commit = failure_of(token_id(number), kNoon2026 + std::chrono::seconds{second});
    commit.token_failure->identification = identification;
    ASSERT_TRUE(this->apply_one(commit).durable());
  }
  std::vector<store::FailedToken> failed(std::size_t least) {
    return *this->engine().failed_tokens(least);
  }
};

TYPED_TEST_SUITE_P(TokenContract);

TYPED_TEST_P(TokenContract, RefusesAUseOnceMoreWrongProofsCountThanItMayHave) {
  auto use = use_of(token_id(1), 0);
  use.token_use->most_failures = 1;
  const auto failure = failure_of(token_id(1));
  EXPECT_TRUE(this->apply_one(use).durable());
  const auto outcomes = this->apply({failure, use, failure, failure, use, failure_of(token_id(2))});
  EXPECT_TRUE(outcomes[1].durable()) << "which forgets the one before";
  EXPECT_EQ(outcomes[4].conflict, store::Conflict::token_used);
  EXPECT_EQ(this->conflict_of(use), store::Conflict::token_used);
  EXPECT_EQ(this->history(token_id(1)).failures, 2U);
  use.token_use->most_failures = std::nullopt;
  EXPECT_TRUE(this->apply_one(use).durable());
}

TYPED_TEST_P(TokenContract, KnowsNoTokenInAnEmptyStore) {
  EXPECT_EQ(this->find("user 1"), std::nullopt);
  EXPECT_TRUE(this->engine().list_tokens()->empty());
  EXPECT_EQ(this->history(token_id(1)), store::TokenHistory{});
}

TYPED_TEST_P(TokenContract, FindsATokenByItsIdentification) {
  this->add(token(1));
  this->add(token(2));
  EXPECT_EQ(this->find("user 1"), token(1));
  EXPECT_EQ(this->find("user 2"), token(2));
}

TYPED_TEST_P(TokenContract, FindsNoTokenByAnIdentificationThatIsOnlyNear) {
  this->add(token(1));
  for (const std::string_view near : {"", "user", "user 11", "User 1", "user 1 ", "user_1", "%"}) {
    EXPECT_EQ(this->find(near), std::nullopt) << near;
  }
  EXPECT_EQ(this->find(std::string_view("user 1\0", 7)), std::nullopt);
}

TYPED_TEST_P(TokenContract, KeepsATokenThatNeverExpiresAndNamesNobody) {
  auto bare = token(1);
  bare.identification = "J\xC3\xBCrgen'; --";
  bare.subject.clear();
  bare.expires_at.reset();
  bare.uses_allowed = 0;
  this->add(bare);
  EXPECT_EQ(this->find(bare.identification), bare);
}

TYPED_TEST_P(TokenContract, RefusesASecondTokenOfOneIdentification) {
  this->add(token(1));
  auto second = token(2);
  second.identification = token(1).identification;
  const auto added = this->engine().add_token(second);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fault, Fault::already_exists);
  EXPECT_EQ(this->find("user 1"), token(1));
}

TYPED_TEST_P(TokenContract, RefusesASecondTokenOfOneIdEvenWhenTheFirstIsRevoked) {
  this->add(token(1));
  ASSERT_TRUE(this->engine().revoke_token(token_id(1)).ok());
  auto second = token(2);
  second.id = token_id(1);
  const auto added = this->engine().add_token(second);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fault, Fault::already_exists);
}

TYPED_TEST_P(TokenContract, FindsNoRevokedTokenButListsIt) {
  this->add(token(1));
  ASSERT_TRUE(this->engine().revoke_token(token_id(1)).ok());
  EXPECT_EQ(this->find("user 1"), std::nullopt);
  auto revoked = token(1);
  revoked.revoked = true;
  EXPECT_THAT(*this->engine().list_tokens(), testing::ElementsAre(revoked));
}

TYPED_TEST_P(TokenContract, GivesTheIdentificationOfARevokedTokenToAnotherOne) {
  this->add(token(1));
  ASSERT_TRUE(this->engine().revoke_token(token_id(1)).ok());
  auto second = token(2);
  second.identification = token(1).identification;
  this->add(second);
  EXPECT_EQ(this->find("user 1"), second);
  ASSERT_TRUE(this->engine().revoke_token(token_id(1)).ok());  // again: nothing changes
  EXPECT_EQ(this->find("user 1"), second);
}

TYPED_TEST_P(TokenContract, CannotRevokeATokenThatItDoesNotHave) {
  this->add(token(1));
  const auto revoked = this->engine().revoke_token(token_id(2));
  ASSERT_FALSE(revoked.ok());
  EXPECT_EQ(revoked.error().fault, Fault::unknown_identity);
  EXPECT_EQ(this->find("user 1"), token(1));
}

TYPED_TEST_P(TokenContract, ListsTheNewestTokenFirst) {
  auto same_second = token(4);
  same_second.created_at = token(2).created_at;
  for (const auto& each : {token(3), token(1), token(2), same_second}) this->add(each);
  EXPECT_THAT(*this->engine().list_tokens(),
              testing::ElementsAre(token(3), same_second, token(2), token(1)));
}

TYPED_TEST_P(TokenContract, CountsUsesAndFailuresOfTokensOfAnySource) {
  const auto directory = to_bytes("uid=alice,ou=people#1");
  ASSERT_TRUE(this->apply_one(use_of(directory, 2)).durable());
  ASSERT_TRUE(this->apply_one(use_of(directory, 2)).durable());
  ASSERT_TRUE(this->apply_one(failure_of(directory, kNoon2026)).durable());
  const auto later = kNoon2026 + std::chrono::seconds{9};
  ASSERT_TRUE(this->apply_one(failure_of(directory, later)).durable());
  EXPECT_EQ(this->history(directory),
            (store::TokenHistory{.uses = 2, .failures = 2, .last_failure_at = later}));
  EXPECT_EQ(this->history(token_id(1)), store::TokenHistory{});
}

TYPED_TEST_P(TokenContract, AUseForgetsFailures) {
  ASSERT_TRUE(this->apply_one(failure_of(token_id(1))).durable());
  ASSERT_TRUE(this->apply_one(use_of(token_id(1), 0)).durable());
  EXPECT_EQ(this->history(token_id(1)),
            (store::TokenHistory{.uses = 1, .failures = 0, .last_failure_at = {}}));
}

TYPED_TEST_P(TokenContract, RefusesAUseAfterTheLastOne) {
  this->add(token(1));
  ASSERT_TRUE(this->apply_one(use_of(token_id(1), 1)).durable());
  auto late = grant(1);
  late.token_use = store::TokenUse{token_id(1), 1};
  EXPECT_EQ(this->conflict_of(late), store::Conflict::token_used);
  this->expect_absent(1);
  EXPECT_EQ(this->history(token_id(1)).uses, 1U);
}

TYPED_TEST_P(TokenContract, TakesUsesWithoutLimitHoweverManyCameBefore) {
  const auto outcomes =
      this->apply({use_of(token_id(1), 0), use_of(token_id(1), 0), use_of(token_id(1), 0)});
  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.durable());
  EXPECT_EQ(this->history(token_id(1)).uses, 3U);
}

TYPED_TEST_P(TokenContract, LetsOneOfTwoUsesInOneBatchThrough) {
  auto first = grant(1);
  first.token_use = store::TokenUse{token_id(1), 1};
  auto second = grant(2);
  second.token_use = store::TokenUse{token_id(1), 1};
  const auto outcomes = this->apply({first, second});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::token_used);
  this->expect_absent(2);
  EXPECT_EQ(this->history(token_id(1)).uses, 1U);
}

TYPED_TEST_P(TokenContract, RefusesAUseOfATokenThatWasRevokedMeanwhile) {
  this->add(token(1));
  ASSERT_TRUE(this->engine().revoke_token(token_id(1)).ok());
  EXPECT_EQ(this->conflict_of(use_of(token_id(1), 0)), store::Conflict::token_used);
  EXPECT_EQ(this->history(token_id(1)), store::TokenHistory{});
}

TYPED_TEST_P(TokenContract, TellsOfTheKeyBeforeTheToken) {
  ASSERT_TRUE(this->apply_one(use_of(token_id(1), 1)).durable());
  auto both = grant(1);
  both.keys.front().known_certificates = 1;
  both.token_use = store::TokenUse{token_id(1), 1};
  EXPECT_EQ(this->conflict_of(both), store::Conflict::key_taken);
}

TYPED_TEST_P(TokenContract, ACommitInConflictCountsNothing) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto conflicting = grant(1);
  conflicting.token_use = store::TokenUse{token_id(1), 0};
  conflicting.token_failure = store::TokenFailure{token_id(2), kNoon2026};
  EXPECT_EQ(this->conflict_of(conflicting), store::Conflict::answered_before);
  EXPECT_EQ(this->history(token_id(1)), store::TokenHistory{});
  EXPECT_EQ(this->history(token_id(2)), store::TokenHistory{});
}

TYPED_TEST_P(TokenContract, CountsNothingOfABatchWhoseEventsCannotBeWritten) {
  ASSERT_TRUE(this->apply_one(use_of(token_id(1), 0)).durable());
  ASSERT_TRUE(this->apply_one(failure_of(token_id(1))).durable());
  const auto before = this->history(token_id(1));
  auto both = grant(1);
  both.token_use = store::TokenUse{token_id(1), 0};
  both.token_failure = store::TokenFailure{token_id(1), kNoon2026};
  FailingJournal journal;
  for (const auto& outcome : this->apply({both, use_of(token_id(1), 0)}, journal)) {
    EXPECT_TRUE(outcome.failed.has_value());
  }
  EXPECT_EQ(this->history(token_id(1)), before);
  EXPECT_TRUE(this->apply_one(use_of(token_id(1), 0)).durable());
}

TYPED_TEST_P(TokenContract, ListsWhoseProofsWereWrongOftenEnoughTheLastOneFirst) {
  EXPECT_TRUE(this->failed(0).empty());
  for (const int second : {1, 2, 9}) this->fail(1, second, "old alice");
  for (const int second : {3, 4}) this->fail(2, second, "bob");
  this->fail(1, 10, "alice");
  this->fail(3, 5, "carol");
  ASSERT_TRUE(this->apply_one(use_of(token_id(4), 0)).durable());
  const auto second_of = [](int second) { return kNoon2026 + std::chrono::seconds{second}; };
  const store::FailedToken alice{
      token_id(1),
      {.uses = 0, .failures = 4, .last_failure_at = second_of(10), .identification = "alice"}};
  const store::FailedToken bob{
      token_id(2),
      {.uses = 0, .failures = 2, .last_failure_at = second_of(4), .identification = "bob"}};
  EXPECT_THAT(this->failed(2), testing::ElementsAre(alice, bob));
  EXPECT_THAT(this->failed(3), testing::ElementsAre(alice));
  EXPECT_EQ(this->failed(0).size(), 3U);
  EXPECT_TRUE(this->failed(5).empty());
}

TYPED_TEST_P(TokenContract, ForgetsTheFailuresOfOneTokenAndNoUses) {
  ASSERT_TRUE(this->apply_one(use_of(token_id(1), 0)).durable());
  this->fail(1, 1, "alice");
  this->fail(2, 1, "J\xC3\xBCrgen'; --");
  ASSERT_TRUE(this->engine().forget_failures(token_id(1)).ok());
  EXPECT_EQ(this->history(token_id(1)),
            (store::TokenHistory{.uses = 1, .failures = 0, .last_failure_at = {}}));
  EXPECT_EQ(this->history(token_id(2)).identification, "J\xC3\xBCrgen'; --");
  for (const auto number : {std::uint8_t{1}, std::uint8_t{3}}) {
    const auto again = this->engine().forget_failures(token_id(number));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().fault, Fault::unknown_identity);
  }
  this->fail(1, 2, "alice");
  EXPECT_EQ(this->history(token_id(1)).failures, 1U);
}

REGISTER_TYPED_TEST_SUITE_P(
    TokenContract, RefusesAUseOnceMoreWrongProofsCountThanItMayHave,
    ListsWhoseProofsWereWrongOftenEnoughTheLastOneFirst, ForgetsTheFailuresOfOneTokenAndNoUses,
    KnowsNoTokenInAnEmptyStore, FindsATokenByItsIdentification,
    FindsNoTokenByAnIdentificationThatIsOnlyNear, KeepsATokenThatNeverExpiresAndNamesNobody,
    RefusesASecondTokenOfOneIdentification, RefusesASecondTokenOfOneIdEvenWhenTheFirstIsRevoked,
    FindsNoRevokedTokenButListsIt, GivesTheIdentificationOfARevokedTokenToAnotherOne,
    CannotRevokeATokenThatItDoesNotHave, ListsTheNewestTokenFirst,
    CountsUsesAndFailuresOfTokensOfAnySource, AUseForgetsFailures, RefusesAUseAfterTheLastOne,
    TakesUsesWithoutLimitHoweverManyCameBefore, LetsOneOfTwoUsesInOneBatchThrough,
    RefusesAUseOfATokenThatWasRevokedMeanwhile, TellsOfTheKeyBeforeTheToken,
    ACommitInConflictCountsNothing, CountsNothingOfABatchWhoseEventsCannotBeWritten);

}  // namespace signet::test
