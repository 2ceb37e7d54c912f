#include "policy/profile_collection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using store::ProfileFile;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Ids = std::vector<std::string>;

ProfileFile profile(const std::string& id, const std::string& more_lines = "") {
  const auto text = test::file(test::source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return {id + ".cfg", std::string(as_text(text)) + "\n" + more_lines};
}

TEST(ReadCollection, TakesGoodProfilesTogether) {
  const auto read = unwrap(read_collection({profile("caOne"), profile("caTwo")}, "profiles"));
  EXPECT_EQ(read.profiles.enabled_ids(), (Ids{"caOne", "caTwo"}));
  EXPECT_TRUE(read.warnings.empty());
}

TEST(ReadCollection, RefusesAllWithEveryErrorOfEveryFile) {
  const auto read = read_collection({{"caBad.cfg", "nonsense\n"},
                                     profile("caGood"),
                                     profile("caWorse", "auth.instance_id=Nobody\n")},
                                    "edition 3");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::bad_configuration);
  EXPECT_THAT(read.error().detail,
              AllOf(HasSubstr("edition 3/caBad.cfg: error: "),
                    HasSubstr("\nedition 3/caWorse.cfg:"), Not(HasSubstr("caGood"))));
}

TEST(ReadCollection, RefusesWhatOffersNothing) {
  EXPECT_THAT(read_collection({}, "profiles").error().detail, HasSubstr("no enabled profile"));
  EXPECT_THAT(read_collection({profile("caOff", "enable=false\n")}, "profiles").error().detail,
              HasSubstr("no enabled profile"));
}

TEST(DigestOf, IsWhatSha256sumSaysOfAFolder) {
  // printf 'b\n' > caB.cfg; printf 'a\n' > caA.cfg; sha256sum *.cfg | sha256sum
  EXPECT_EQ(digest_of({{"caB.cfg", "b\n"}, {"caA.cfg", "a\n"}}),
            "91c840f81d7f2227bc91d739f27408aea33720729a7281ec0413245149424f5d");
}

TEST(ChangeBetween, NamesWhatIsOfferedNewOtherwiseOrNoMore) {
  const auto before = unwrap(read_collection(
      {profile("caKept"), profile("caGone"), profile("caOff"), profile("caEdited")}, "before"));
  const auto after = unwrap(
      read_collection({profile("caKept"), profile("caNew"), profile("caOff", "enable=false\n"),
                       profile("caEdited", "desc=other\n"), profile("caNeverOn", "enable=false\n")},
                      "after"));
  EXPECT_EQ(change_between(before, after),
            (CollectionChange{{"caNew"}, {"caEdited"}, {"caGone", "caOff"}}));
  EXPECT_TRUE(change_between(after, after).empty());
  EXPECT_NE(before.digest, after.digest);
}

}  // namespace
}  // namespace signet::policy
