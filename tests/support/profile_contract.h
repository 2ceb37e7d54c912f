#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/engine_contract.h"

/// What every engine must do with editions of the profiles, as one typed suite beside
/// EngineContract.
namespace signet::test {

inline const std::vector<store::ProfileFile> kTwoProfiles{
    {"caOne.cfg", std::string("name=\xC3\xA9\0\n", 9)}, {"caTwo.cfg", ""}};
inline const std::vector<store::ProfileFile> kOneProfile{{"caTwo.cfg", "name=two\n"}};

template <typename Fixture>
class ProfileContract : public EngineContract<Fixture> {
 protected:
  Result<std::uint64_t> publish(const std::vector<store::ProfileFile>& files, std::uint64_t seen) {
    return this->engine().publish_profiles(files, seen, kNoon2026);
  }
  std::optional<store::ProfileEdition> find(std::uint64_t after) {
    return *this->engine().find_profiles(after);
  }
  /// Another edition than `seen` is the newest.
  void expect_overtaken(std::uint64_t seen) {
    const auto published = publish(kOneProfile, seen);
    ASSERT_FALSE(published.ok());
    EXPECT_EQ(published.error().fault, Fault::already_exists);
  }
};

TYPED_TEST_SUITE_P(ProfileContract);

TYPED_TEST_P(ProfileContract, HasNoEditionAtFirst) {
  EXPECT_EQ(this->find(0), std::nullopt);
}

TYPED_TEST_P(ProfileContract, KeepsAnEditionOctetByOctetInTheOrderOfNames) {
  EXPECT_EQ(*this->publish({kTwoProfiles[1], kTwoProfiles[0]}, 0), 1U);
  EXPECT_EQ(this->find(0), (store::ProfileEdition{1, kNoon2026, kTwoProfiles}));
}

TYPED_TEST_P(ProfileContract, GivesTheNewestEditionToWhoHasAnOlderOne) {
  ASSERT_EQ(*this->publish(kTwoProfiles, 0), 1U);
  ASSERT_EQ(*this->publish(kOneProfile, 1), 2U);
  const store::ProfileEdition second{2, kNoon2026, kOneProfile};
  EXPECT_EQ(this->find(0), second);
  EXPECT_EQ(this->find(1), second);
  EXPECT_EQ(this->find(2), std::nullopt);
  EXPECT_EQ(this->find(3), std::nullopt);
}

TYPED_TEST_P(ProfileContract, RefusesWhoHasNotSeenTheNewestEdition) {
  this->expect_overtaken(1);
  ASSERT_EQ(*this->publish(kTwoProfiles, 0), 1U);
  this->expect_overtaken(0);
  this->expect_overtaken(2);
  EXPECT_EQ(this->find(0), (store::ProfileEdition{1, kNoon2026, kTwoProfiles}));
  ASSERT_EQ(*this->publish(kTwoProfiles, 1), 2U);
  this->expect_overtaken(1);
}

TYPED_TEST_P(ProfileContract, TakesOneOfThoseWhoPublishAtTheSameTime) {
  std::atomic<int> taken = 0;
  const auto publish = [&] {
    for (std::uint64_t seen = 0; seen < 10; ++seen) taken += this->publish(kTwoProfiles, seen).ok();
  };
  std::thread other(publish);
  publish();
  other.join();
  const auto newest = this->find(0);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->number, static_cast<std::uint64_t>(taken));
  EXPECT_EQ(newest->files, kTwoProfiles);
}

REGISTER_TYPED_TEST_SUITE_P(ProfileContract, HasNoEditionAtFirst,
                            KeepsAnEditionOctetByOctetInTheOrderOfNames,
                            GivesTheNewestEditionToWhoHasAnOlderOne,
                            RefusesWhoHasNotSeenTheNewestEdition,
                            TakesOneOfThoseWhoPublishAtTheSameTime);

}  // namespace signet::test
