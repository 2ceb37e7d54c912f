#include "authority/published_profiles.h"

#include <gtest/gtest.h>

namespace signet::authority {
namespace {

TEST(PublishedProfiles, AreNoneUnlessSaidOtherwise) {
  const PublishedProfiles none;
  EXPECT_TRUE(none.none());
  EXPECT_FALSE(none.includes("caOne"));
  EXPECT_FALSE(none.includes(""));
}

TEST(PublishedProfiles, AreAllWhereNoneIsNamed) {
  const auto all = PublishedProfiles::named_or_all({});
  EXPECT_FALSE(all.none());
  EXPECT_TRUE(all.includes("caOne"));
  EXPECT_TRUE(all.includes_unasked("caOne"));
}

TEST(PublishedProfiles, AreThoseNamedAndNoOthers) {
  const auto some = PublishedProfiles::named_or_all({"caOne", "caTwo"});
  EXPECT_FALSE(some.none());
  EXPECT_TRUE(some.includes("caTwo"));
  EXPECT_TRUE(some.includes_unasked("caTwo"));
  for (const auto* other : {"caThree", "caone", "ca", ""}) EXPECT_FALSE(some.includes(other));
}

TEST(PublishedProfiles, LeaveOutWhatTheAuthorityHasForItselfUnlessAsked) {
  const auto all = PublishedProfiles::named_or_all({});
  for (const auto* own : {"ocspResponder", "signet ca init", "signet import dogtag"}) {
    EXPECT_TRUE(is_made_for_authority(own)) << own;
    EXPECT_FALSE(all.includes_unasked(own)) << own;
    EXPECT_TRUE(all.includes(own)) << own;
  }
  for (const auto* other : {"signet", "ocspResponder2", "OCSPResponder", "a signet ca"}) {
    EXPECT_FALSE(is_made_for_authority(other)) << other;
    EXPECT_TRUE(all.includes_unasked(other)) << other;
  }
}

}  // namespace
}  // namespace signet::authority
