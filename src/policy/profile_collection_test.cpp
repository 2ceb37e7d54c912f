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

TEST(ReadCollection, LeavesTheFaultyOneAloneOutWhereToldTo) {
  const auto read =
      unwrap(read_collection({profile("caGood"), profile("caWorse", "auth.instance_id=Nobody\n")},
                             "here", WithErrors::leave_out));
  EXPECT_EQ(read.profiles.enabled_ids(), (Ids{"caGood"}));
  EXPECT_EQ(read.left_out, (Ids{"caWorse.cfg"}));
  EXPECT_EQ(read.digests.count("caWorse"), 0U);
  ASSERT_EQ(read.errors.size(), 1U);
  EXPECT_THAT(unusable(read).detail, HasSubstr("here/caWorse.cfg:"));
  EXPECT_THAT(read_collection({profile("caWorse", "auth.instance_id=Nobody\n")}, "here",
                              WithErrors::leave_out)
                  .error()
                  .detail,
              HasSubstr("here/caWorse.cfg:"));
}

TEST(ReadCollection, ErrorsInWhatIsNotEnabledAreWarnings) {
  for (const auto* off : {"enable=false\n", "enable=FALSE\n", "enable=\n", "enable=-\n"}) {
    const auto read = unwrap(read_collection(
        {profile("caGood"), profile("caOff", "auth.instance_id=Nobody\n" + std::string(off))},
        "here"));
    EXPECT_EQ(read.profiles.enabled_ids(), (Ids{"caGood"}));
    EXPECT_TRUE(read.left_out.empty());
    ASSERT_FALSE(read.warnings.empty());
    EXPECT_THAT(to_text(read.warnings.back()),
                AllOf(HasSubstr("here/caOff.cfg:"), HasSubstr("warning: ")));
  }
  for (const auto* on : {"enable=true\n", "enable=no\n", ""}) {
    EXPECT_FALSE(read_collection({profile("caGood"),
                                  profile("caOn", "auth.instance_id=Nobody\n" + std::string(on))},
                                 "here")
                     .ok())
        << on;
  }
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
