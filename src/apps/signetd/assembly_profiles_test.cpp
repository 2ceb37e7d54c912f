// The profiles that the server is put together with, and what is published by
// them.
#include "adapters/sqlite/sqlite_engine.h"
#include "support/assembly_scene.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(AssemblyTest, TellsTheFaultsOfAllProfiles) {
  configuration.authority.profiles = scene.folder / "faulty";
  std::filesystem::create_directory(configuration.authority.profiles);
  write("faulty/first.cfg", "nonsense\n");
  write("faulty/second.cfg", "nonsense\n");
  expect_refused("first.cfg");
  expect_refused("second.cfg");
}

TEST_F(AssemblyTest, StartsWithoutAFaultyProfileWhichTheCheckRefuses) {
  write("profiles/first.cfg", "nonsense\n");
  write("profiles/second.cfg", "nonsense\n");
  const auto checked = check(configuration, log);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().detail, AllOf(HasSubstr("first.cfg"), HasSubstr("second.cfg")));
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_FALSE(made->watches.profiles->is_current());
  EXPECT_THAT(log.lines, Contains(AllOf(HasSubstr("not_offered"), HasSubstr("second.cfg"))));
  write("profiles/first.cfg", "enable=false\nnonsense\n");
  write("profiles/second.cfg", "enable=false\nnonsense\n");
  EXPECT_TRUE(check(configuration, log).ok()) << "nobody is offered them";
}

TEST_F(AssemblyTest, WarnsOnceWhereProfilesLeaveThePlaceOfOcspOpen) {
  const auto warnings = [&] {
    return std::count_if(log.lines.begin(), log.lines.end(), [](const std::string& line) {
      return line.find("ocsp_uri is not set") != std::string::npos;
    });
  };
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_EQ(warnings(), 1);
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_EQ(warnings(), 2);
  configuration.authority.ocsp_uri = "http://ocsp.test/";
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_EQ(warnings(), 2);
}

TEST_F(AssemblyTest, RefusesAFolderWithoutProfiles) {
  configuration.authority.profiles = scene.folder / "none";
  expect_refused("none: ");
  std::filesystem::create_directory(configuration.authority.profiles);
  expect_refused("holds no enabled profile");
}

TEST_F(AssemblyTest, WarnsWhereADefaultProfileIsAbsent) {
  configuration.authority.user_profile = "caNowhere";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile default_absent=caNowhere"));
}

TEST_F(AssemblyTest, RecordsWithWhichProfilesItStarts) {
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(journal(),
              AllOf(HasSubstr("\"ProfileSource\":\"" + configuration.authority.profiles + "\""),
                    HasSubstr("ProfileDigest")));
}

TEST_F(AssemblyTest, TakesItsProfilesFromTheStoreWhereToldTo) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  const auto published = [&] {
    return *unwrap(sqlite::SqliteEngine::open(configuration.store.path))->find_profiles(0);
  };
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_FALSE(published()) << "its folder is its own";
  configuration.authority.profiles_from = ProfilesFrom::store;
  ASSERT_TRUE(assemble(configuration, log).ok());
  ASSERT_TRUE(published());
  EXPECT_THAT(journal(), HasSubstr("\"ProfileSource\":\"edition 1\""));
  std::filesystem::remove_all(configuration.authority.profiles);
  EXPECT_TRUE(check(configuration, log).ok());
  ASSERT_TRUE(assemble(configuration, log).ok()) << "the store has them";
  EXPECT_EQ(published()->number, 1U);
}

TEST_F(AssemblyTest, RefusesAFaultyFolderThatWouldBecomeTheFirstEdition) {
  configuration.authority.profiles_from = ProfilesFrom::store;
  write("profiles/first.cfg", "nonsense\n");
  expect_refused("first.cfg: error: ");
}

TEST_F(AssemblyTest, WarnsWhereAProfileIsAbsentWhoseCertificatesArePublished) {
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  configuration.publishing.profiles = {"caNowhere"};
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile published_absent=caNowhere"));
  log.lines.clear();
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile published_absent=caNowhere"));
}

TEST_F(AssemblyTest, WarnsWhereUsersChooseInWhoseEntryTheyArePublished) {
  const std::string profile = "profiles/caFullCMCUserSignedCert.cfg";
  std::ofstream(scene.folder / profile, std::ios::app)
      << "\nauth.changeSubjectNameAllowed=true\nauth."
         "changeSubjectNameApprovalRequired=false\n";
  const auto words = "profile published_by_free_names=caFullCMCUserSignedCert";
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Not(Contains(words))) << "nothing is published";
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains(words));
  log.lines.clear();
  configuration.publishing.profiles = {"caFullCMCUserCert"};
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Not(Contains(words)));
}

TEST_F(AssemblyTest, RefusesPublishingIntoNobodysEntry) {
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=alice,O=Test";
  expect_refused("[publishing] user_dn has no variable");
  configuration.publishing.user_dn = "UID=$req.uid,O=Test";
  expect_refused("[publishing] user_dn: \"UID=$req.uid,O=Test\": $req.uid is no variable");
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  configuration.publishing.ca_dn = "Test CA";
  expect_refused("[publishing] ca_dn");
  configuration.publishing.ca_dn = "CN=$subj.CN,O=Test";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_TRUE(start().ok()) << "a directory may start later";
}

}  // namespace
}  // namespace signet::server
