#include "apps/operator/profile_publish_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "adapters/files/journal_file.h"
#include "apps/folder/authority_store.h"
#include "apps/operator/profile_command.h"
#include "apps/tool/command_line.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string text_of_profile(const std::string& more_lines = "") {
  const auto text = test::file(test::source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return std::string(as_text(text)) + "\n" + more_lines;
}

/// An authority as far as `signet profile publish` looks at it.
class ProfilePublish : public ::testing::Test {
 protected:
  ProfilePublish() {
    std::filesystem::create_directory(folder / "profiles");
    configure("profiles_from = \"store\"\n");
    write("caOne", text_of_profile());
    engine = *make_authority_store(directory, "");
  }
  void configure(const std::string& more) const {
    std::ofstream(folder / "signetd.toml")
        << "[authority]\ncertificate = \"ca.pem\"\nkey = \"ca.key\"\nprofiles = \"profiles\"\n"
        << more
        << "[store]\npath = \"store.db\"\n[audit]\njournal = \"audit.jsonl\"\n"
           "[http]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";
  }
  void write(const std::string& id, const std::string& text) const {
    std::ofstream(folder / ("profiles/" + id + ".cfg")) << text;
  }
  int publish(std::vector<std::string> more = {}) {
    out.str("");
    err.str("");
    more.insert(more.begin(), {"signet", "profile", "publish", "--directory", directory});
    std::vector<const char*> words;
    for (const auto& word : more) words.push_back(word.c_str());
    return run_command_line(
        static_cast<int>(words.size()), words.data(), {.out = out, .err = err},
        [](auto& app, auto& context) { add_profile_command(app, context, system_surroundings()); });
  }
  [[nodiscard]] std::uint64_t newest() const {
    const auto edition = *engine->find_profiles(0);
    return edition ? edition->number : 0;
  }
  [[nodiscard]] std::string operator_journal() const {
    std::ifstream file(folder / "operator.jsonl");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TemporaryFolder folder;
  std::string directory = folder.path().string();
  std::unique_ptr<store::Engine> engine;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(ProfilePublish, PublishesTheAuthoritysFolderAndSaysWhatIsNew) {
  EXPECT_EQ(publish(), 0);
  EXPECT_EQ(out.str(),
            "added           caOne\n"
            "published       edition 1; every node takes it within a second\n");
  EXPECT_THAT(err.str(), IsEmpty());
  EXPECT_EQ(newest(), 1U);
  EXPECT_EQ((*engine->find_profiles(0))->files,
            (std::vector<store::ProfileFile>{{"caOne.cfg", text_of_profile()}}));
}

TEST_F(ProfilePublish, TellsWhatIsAddedChangedAndWithdrawn) {
  write("caGone", text_of_profile());
  ASSERT_EQ(publish(), 0);
  std::filesystem::remove(folder / "profiles/caGone.cfg");
  write("caOne", text_of_profile("desc=other\n"));
  write("caTwo", text_of_profile());
  EXPECT_EQ(publish({"--json"}), 0);
  const auto told = nlohmann::json::parse(out.str());
  EXPECT_EQ(told["edition"], 2);
  EXPECT_EQ(told["published"], true);
  EXPECT_EQ(told["added"], nlohmann::json({"caTwo"}));
  EXPECT_EQ(told["changed"], nlohmann::json({"caOne"}));
  EXPECT_EQ(told["withdrawn"], nlohmann::json({"caGone"}));
  EXPECT_THAT(operator_journal(),
              AllOf(HasSubstr("CONFIG_CERT_PROFILE"), HasSubstr("\"Source\":\"edition 2\""),
                    HasSubstr("\"Withdrawn\":\"caGone\""), HasSubstr("\"Operator\"")));
}

TEST_F(ProfilePublish, TakesAnotherFolderWhereOneIsNamed) {
  std::filesystem::create_directory(folder / "other");
  std::ofstream(folder / "other/caOther.cfg") << text_of_profile();
  EXPECT_EQ(publish({folder / "other"}), 0);
  EXPECT_EQ((*engine->find_profiles(0))->files.front().name, "caOther.cfg");
}

TEST_F(ProfilePublish, RefusesFaultyProfilesLineByLineAndPublishesNothing) {
  write("caBad", "nonsense\n");
  EXPECT_EQ(publish(), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("profiles/caBad.cfg: error: "),
                               HasSubstr("\nsignet: nothing was published")));
  EXPECT_EQ(newest(), 0U);
  EXPECT_EQ(operator_journal(), "");
  EXPECT_EQ(publish({"--json"}), 1);
  EXPECT_THAT(nlohmann::json::parse(out.str())["error"]["detail"].get<std::string>(),
              HasSubstr("caBad.cfg: error: "));
}

TEST_F(ProfilePublish, PublishesNothingWhereNothingChanged) {
  ASSERT_EQ(publish(), 0);
  const auto before = operator_journal();
  EXPECT_EQ(publish(), 0);
  EXPECT_EQ(out.str(), "unchanged       edition 1 holds these files: nothing to publish\n");
  EXPECT_EQ(newest(), 1U);
  EXPECT_EQ(operator_journal(), before);
}

TEST_F(ProfilePublish, OnlyTellsWhatWouldChangeWhenAskedTo) {
  EXPECT_EQ(publish({"--check"}), 0);
  EXPECT_EQ(out.str(), "added           caOne\nchecked         can be published as edition 1\n");
  EXPECT_EQ(newest(), 0U);
  EXPECT_EQ(operator_journal(), "");
}

TEST_F(ProfilePublish, ReplacesAnEditionThatCannotBeRead) {
  ASSERT_TRUE(engine->publish_profiles({{"caBad.cfg", "nonsense\n"}}, 0, Time{}).ok());
  EXPECT_EQ(publish(), 0);
  EXPECT_THAT(out.str(), HasSubstr("published       edition 2;"));
}

TEST_F(ProfilePublish, SaysWhereTheNodeReadsItsOwnFolder) {
  configure("");
  EXPECT_EQ(publish(), 0);
  EXPECT_THAT(err.str(), HasSubstr("does not say profiles_from = \"store\""));
}

TEST_F(ProfilePublish, RefusesAFolderThatIsNotThere) {
  EXPECT_EQ(publish({folder / "none"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("none: No such file"));
  EXPECT_EQ(newest(), 0U);
}

TEST_F(ProfilePublish, SaysWhenAnotherOperatorWasFirstAndRecordsThatNothingWasDone) {
  EXPECT_EQ(publish(), 0);
  write("caTwo", text_of_profile());
  // The tool has looked at the store and waits for its journal; then another edition comes.
  auto held = *files::JournalFile::open(folder / "operator.jsonl");
  std::thread operator_thread([&] { EXPECT_NE(publish(), 0); });
  std::this_thread::sleep_for(std::chrono::milliseconds{1500});
  const std::vector<store::ProfileFile> others{{"caOther.cfg", text_of_profile()}};
  EXPECT_TRUE(engine->publish_profiles(others, 1, Time{}).ok());
  held.reset();
  operator_thread.join();
  EXPECT_THAT(err.str(), HasSubstr("look at what is new, and publish again"));
  EXPECT_EQ((*engine->find_profiles(0))->files, others);
  EXPECT_THAT(operator_journal(), HasSubstr("\"outcome\":\"failure\""));
}

}  // namespace
}  // namespace signet::tool
