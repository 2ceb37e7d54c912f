#include "apps/signetd/profile_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "store/memory_engine.h"
#include "support/fakes.h"
#include "support/keeping_log.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::KeepingLog;
using test::unwrap;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// A journal whose disk may be full.
class Journal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    if (is_full) return Error{Fault::storage_failed, "the disk is full"};
    return kept.append(events);
  }
  audit::MemoryJournal kept;
  bool is_full = false;
};

std::string text_of_profile(const std::string& more_lines = "") {
  const auto text = test::file(test::source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return std::string(as_text(text)) + "\n" + more_lines;
}

/// A server's profiles, from a folder or from a store; the test does the looking.
class ProfileWatchTest : public ::testing::Test {
 protected:
  ProfileWatchTest() { write("caOne", text_of_profile()); }

  void write(const std::string& id, const std::string& text) const {
    std::ofstream(folder / (id + ".cfg")) << text;
  }
  void watch(std::unique_ptr<ProfileSource> source) {
    auto begun = unwrap(begin_profiles(std::move(source), {"caOne"}, log));
    offered = std::make_shared<policy::OfferedProfiles>(begun.collection.profiles);
    watching.emplace(ProfileWatch::Parts{.begun = std::move(begun),
                                         .offered = offered,
                                         .committer = committer,
                                         .clock = clock,
                                         .log = log});
  }
  void watch_folder() { watch(profiles_of_folder(folder / "")); }
  void watch_store() { watch(profiles_of_store(engine, folder / "", clock)); }
  void look(int times) {
    for (int each = 0; each < times; ++each) watching->look();
  }
  [[nodiscard]] std::vector<std::string> ids() const { return offered->take()->enabled_ids(); }
  [[nodiscard]] const std::vector<audit::Event>& events() const { return journal.kept.events(); }
  static std::string field(const audit::Event& event, std::string_view name) {
    for (const auto& each : event.fields) {
      if (each.name == name) return each.value;
    }
    return "absent";
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  KeepingLog log;
  Journal journal;
  store::MemoryEngine engine;
  store::Committer committer{engine, journal};
  std::shared_ptr<policy::OfferedProfiles> offered;
  std::optional<ProfileWatch> watching;
};

// ------------------------------------------------------------------------- a folder

TEST_F(ProfileWatchTest, DoesNothingWhileNothingChanges) {
  watch_folder();
  look(5);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_TRUE(watching->is_current());
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(ProfileWatchTest, TakesAChangedFolderWhenItWasTheSameForTwoLooks) {
  watch_folder();
  write("caTwo", text_of_profile());
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  write("caThree", text_of_profile());
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caOne")) << "somebody is still at it";
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caThree", "caTwo"));
}

TEST_F(ProfileWatchTest, TakesAChangedFolderAtOnceWhenTold) {
  watch_folder();
  write("caTwo", text_of_profile());
  watching->make_haste();
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caTwo"));
}

TEST_F(ProfileWatchTest, RecordsWhatWasAddedChangedAndWithdrawn) {
  write("caGone", text_of_profile());
  watch_folder();
  std::filesystem::remove(folder / "caGone.cfg");
  write("caOne", text_of_profile("desc=other\n"));
  write("caTwo", text_of_profile());
  look(3);
  ASSERT_EQ(events().size(), 1U);
  const auto& event = events()[0];
  EXPECT_EQ(event.name, "CONFIG_CERT_PROFILE");
  EXPECT_EQ(event.outcome, audit::EventOutcome::success);
  EXPECT_EQ(field(event, "SubjectID"), "$System$");
  EXPECT_EQ(field(event, "Source"), folder / "");
  EXPECT_EQ(field(event, "Added"), "caTwo");
  EXPECT_EQ(field(event, "Changed"), "caOne");
  EXPECT_EQ(field(event, "Withdrawn"), "caGone");
  EXPECT_EQ(field(event, "Digest").size(), 64U);
  EXPECT_THAT(log.lines, Contains(HasSubstr("profiles_taken")));
}

TEST_F(ProfileWatchTest, KeepsTheOldProfilesWholeWhileOneHasAFault) {
  watch_folder();
  write("caTwo", text_of_profile());
  write("caThree", "nonsense\n");
  look(5);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_FALSE(watching->is_current());
  ASSERT_EQ(events().size(), 1U) << "once a change";
  EXPECT_EQ(events()[0].name, "CONFIG_CERT_PROFILE");
  EXPECT_EQ(events()[0].outcome, audit::EventOutcome::failure);
  EXPECT_THAT(field(events()[0], "Info"), HasSubstr("caThree.cfg: error: "));
  EXPECT_THAT(log.lines,
              ElementsAre(AllOf(HasSubstr("profiles_refused"), HasSubstr("caThree.cfg: error: "))));
  write("caThree", text_of_profile());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caThree", "caTwo"));
  EXPECT_TRUE(watching->is_current());
}

TEST_F(ProfileWatchTest, RecoversWhenTheFaultIsTakenBack) {
  watch_folder();
  write("caOne", "nonsense\n");
  look(3);
  EXPECT_FALSE(watching->is_current());
  write("caOne", text_of_profile());
  look(3);
  EXPECT_TRUE(watching->is_current());
  ASSERT_EQ(events().size(), 2U);
  EXPECT_EQ(events()[1].outcome, audit::EventOutcome::success);
  EXPECT_EQ(field(events()[1], "Changed"), "");
}

TEST_F(ProfileWatchTest, KeepsTheOldProfilesWhenTheFolderHoldsNone) {
  watch_folder();
  std::filesystem::rename(folder / "caOne.cfg", folder / "aside");
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  ASSERT_EQ(events().size(), 1U);
  EXPECT_THAT(field(events()[0], "Info"), HasSubstr("no enabled profile"));
}

TEST_F(ProfileWatchTest, KeepsTheOldProfilesWhenTheFolderIsGone) {
  watch_folder();
  std::filesystem::remove_all(folder / "");
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_FALSE(watching->is_current());
  EXPECT_TRUE(events().empty()) << "nobody knows whether they were withdrawn";
  EXPECT_THAT(log.lines,
              ElementsAre(AllOf(HasSubstr("profiles_not_seen"), HasSubstr("No such file"))));
  std::filesystem::create_directory(folder / "");
  write("caTwo", text_of_profile());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caTwo"));
  EXPECT_TRUE(watching->is_current());
}

TEST_F(ProfileWatchTest, TakesAChangeThatCouldNotBeReadAtFirst) {
  watch_folder();
  std::filesystem::create_directory(folder / "caTwo.cfg");  // is no file
  look(3);
  EXPECT_FALSE(watching->is_current());
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  std::filesystem::remove(folder / "caTwo.cfg");
  write("caTwo", text_of_profile());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caTwo"));
}

TEST_F(ProfileWatchTest, RecordsNothingWhereTheTextsStayedTheSame) {
  watch_folder();
  write("caOne", text_of_profile());
  look(3);
  EXPECT_TRUE(watching->is_current());
  EXPECT_TRUE(events().empty());
}

TEST_F(ProfileWatchTest, OffersNothingThatCouldNotBeRecorded) {
  watch_folder();
  journal.is_full = true;
  write("caTwo", text_of_profile());
  look(5);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_FALSE(watching->is_current());
  EXPECT_THAT(log.lines,
              ElementsAre(AllOf(HasSubstr("profiles_not_taken"), HasSubstr("the disk is full"))));
  journal.is_full = false;
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caTwo"));
  EXPECT_TRUE(watching->is_current());
}

TEST_F(ProfileWatchTest, BeginsWithoutTheOneThatHasAFault) {
  write("caTwo", text_of_profile("auth.instance_id=Nobody\n"));
  watch_folder();
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_FALSE(watching->is_current()) << "not all is offered";
  EXPECT_THAT(log.lines, Contains(AllOf(HasSubstr("profile not_offered="), HasSubstr("caTwo.cfg:"),
                                        HasSubstr("'Nobody'"))));
  write("caThree", text_of_profile());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caThree")) << "it hinders no other";
  write("caTwo", text_of_profile());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caThree", "caTwo"));
  EXPECT_TRUE(watching->is_current());
}

TEST_F(ProfileWatchTest, TakesNothingAwayForAFaultThatCameLater) {
  write("caTwo", text_of_profile());
  watch_folder();
  write("caTwo", text_of_profile("auth.instance_id=Nobody\n"));
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne", "caTwo"));
  EXPECT_FALSE(watching->is_current());
}

TEST_F(ProfileWatchTest, AFaultInWhatIsNotEnabledHindersNothing) {
  write("caTwo", text_of_profile("auth.instance_id=Nobody\nenable=false\n"));
  watch_folder();
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_TRUE(watching->is_current());
}

TEST_F(ProfileWatchTest, WarnsWhenADefaultProfileIsWithdrawn) {
  watch_folder();
  write("caOne", text_of_profile("enable=false\n"));
  write("caTwo", text_of_profile());
  look(3);
  EXPECT_THAT(log.lines, Contains("profile default_not_enabled=caOne"));
}

TEST_F(ProfileWatchTest, TellsOfProfilesThatAreThereButNotEnabled) {
  write("caTwo", text_of_profile("enable=false\n"));
  watch_folder();
  EXPECT_THAT(log.lines, Contains("profile there_but_not_enabled=caTwo"));
}

TEST_F(ProfileWatchTest, TellsOnceWhatIsDoubtfulInManyProfiles) {
  write("caTwo", text_of_profile("strange=1\n"));
  write("caThree", text_of_profile("strange=1\n"));
  write("caFour", text_of_profile("other=1\n"));
  watch_folder();
  EXPECT_THAT(
      log.lines,
      UnorderedElementsAre(
          AllOf(HasSubstr("unknown key 'strange'"), HasSubstr("places=2"),
                HasSubstr("see=signet profile check " + (folder / "")), Not(HasSubstr(".cfg"))),
          AllOf(HasSubstr("caFour.cfg:"), HasSubstr("warning: unknown key 'other'"))));
}

TEST_F(ProfileWatchTest, TellsOnceWhatIsDoubtfulInPoliciesOfOtherNumbers) {
  write("caTwo", text_of_profile("policyset.cmcUserCertSet.1.constraint.params.odd=1\n"));
  write("caThree", text_of_profile("policyset.cmcUserCertSet.9.constraint.params.odd=1\n"));
  watch_folder();
  EXPECT_THAT(log.lines, ElementsAre(AllOf(HasSubstr("fault=constraint.params.odd: "),
                                           HasSubstr("places=2"))));
}

// ------------------------------------------------------------------------- a store

TEST_F(ProfileWatchTest, PublishesTheFolderAsTheFirstEditionOfAStore) {
  watch_store();
  const auto edition = *engine.find_profiles(0);
  ASSERT_TRUE(edition);
  EXPECT_EQ(edition->number, 1U);
  EXPECT_EQ(edition->files.size(), 1U);
  look(2);
  EXPECT_THAT(events(), IsEmpty()) << "it began with that one";
}

TEST_F(ProfileWatchTest, TakesOneEditionAtAllNodesThatBeginAtTheSameTime) {
  const test::TemporaryFolder other;
  std::ofstream(other / "caOther.cfg") << text_of_profile();
  std::vector<std::string> at_other;
  std::thread other_node([&] {
    KeepingLog silent;
    const auto begun =
        unwrap(begin_profiles(profiles_of_store(engine, other / "", clock), {}, silent));
    at_other = begun.collection.profiles.enabled_ids();
  });
  watch_store();
  other_node.join();
  EXPECT_EQ(ids(), at_other);
  EXPECT_EQ((*engine.find_profiles(0))->number, 1U);
}

TEST_F(ProfileWatchTest, BeginsWithTheStoresEditionWhateverTheFolderHolds) {
  ASSERT_TRUE(engine.publish_profiles({{"caStored.cfg", text_of_profile()}}, 0, clock.now()).ok());
  write("caOne", "nonsense\n");
  watch_store();
  EXPECT_THAT(ids(), ElementsAre("caStored"));
}

TEST_F(ProfileWatchTest, PublishesNoFaultyFolder) {
  write("caOne", "nonsense\n");
  const auto begun = begin_profiles(profiles_of_store(engine, folder / "", clock), {}, log);
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().fault, Fault::bad_configuration);
  EXPECT_FALSE(engine.find_profiles(0)->has_value());
}

TEST_F(ProfileWatchTest, TakesTheStoresNewestEditionAtTheNextLook) {
  watch_store();
  ASSERT_TRUE(engine.publish_profiles({{"caTwo.cfg", text_of_profile()}}, 1, clock.now()).ok());
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caTwo"));
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(field(events()[0], "Source"), "edition 2");
  EXPECT_EQ(field(events()[0], "Withdrawn"), "caOne");
}

TEST_F(ProfileWatchTest, KeepsTheOldProfilesWhenAnEditionHasAFault) {
  watch_store();
  ASSERT_TRUE(engine.publish_profiles({{"caTwo.cfg", "nonsense\n"}}, 1, clock.now()).ok());
  look(3);
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_FALSE(watching->is_current());
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(events()[0].outcome, audit::EventOutcome::failure);
  EXPECT_THAT(field(events()[0], "Info"), HasSubstr("edition 2/caTwo.cfg: error: "));
  ASSERT_TRUE(engine.publish_profiles({{"caTwo.cfg", text_of_profile()}}, 2, clock.now()).ok());
  look(1);
  EXPECT_THAT(ids(), ElementsAre("caTwo"));
}

/// Where the profiles are cannot be asked.
class SilentSource final : public ProfileSource {
 public:
  explicit SilentSource(const bool& is_away) : is_away_(is_away) {}
  Result<FoundProfiles> begin() override {
    return FoundProfiles{"here", std::vector<store::ProfileFile>{{"caOne.cfg", text_of_profile()}}};
  }
  Result<std::optional<FoundProfiles>> look(Haste) override {
    if (is_away_) return Error{Fault::storage_failed, "the database is away"};
    return std::optional<FoundProfiles>();
  }
  [[nodiscard]] std::chrono::milliseconds pause() const override { return {}; }

 private:
  const bool& is_away_;
};

TEST_F(ProfileWatchTest, SaysOnceThatTheProfilesCannotBeSeen) {
  bool is_away = true;
  watch(std::make_unique<SilentSource>(is_away));
  look(3);
  EXPECT_THAT(log.lines, ElementsAre("profiles_not_seen why=the database is away"));
  EXPECT_THAT(ids(), ElementsAre("caOne"));
  EXPECT_THAT(events(), IsEmpty());
  is_away = false;
  look(1);
  is_away = true;
  look(1);
  EXPECT_EQ(log.lines.size(), 2U);
}

}  // namespace
}  // namespace signet::server
