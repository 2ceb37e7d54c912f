#include "apps/operator/secret_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/operator/handed_out_secret.h"
#include "apps/operator/shared_tokens.h"
#include "apps/tool/report.h"
#include "crypto/sealing_key.h"
#include "support/fault_plan.h"
#include "support/faulty_engine.h"
#include "support/secret_scene.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// An authority as far as `signet secret` looks at it.
class SecretCommand : public SecretScene {
 protected:
  SecretCommand() : SecretScene("[secrets]\nsource = \"store\"\n") {
    EXPECT_TRUE(files::write_secret_file(folder / "store.key", Bytes(32, 7)).ok());
    EXPECT_TRUE(
        files::write_secret_file(folder / "many", as_bytes("carl\tHK7R-2MPW-XQ4T-9ZBN-C5VD\n"))
            .ok());
  }
  [[nodiscard]] std::ptrdiff_t files_in_folder() const {
    return std::distance(std::filesystem::directory_iterator(folder.path()), {});
  }
};

TEST_F(SecretCommand, MakesSecretsForAServerThatReadsItsStore) {
  EXPECT_EQ(secret({"create", "alice"}), 0) << err.str();
  EXPECT_EQ(secret({"import", folder / "many"}), 0) << err.str();
  EXPECT_EQ(engine->list_tokens()->size(), 2U);
  EXPECT_EQ(secret({"list"}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("alice"), HasSubstr("carl")));
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(SecretCommand, TellsWhatNameItsCertificatesWillHave) {
  EXPECT_EQ(secret({"create", "alice", "--subject", "CN=Alice,O=Example"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("certificates    of CN=Alice,O=Example\n"));
  EXPECT_EQ(secret({"create", "bob"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("certificates    of UID=bob\n"));
}

TEST_F(SecretCommand, MakesNoneWhoseFileCannotBeWritten) {
  EXPECT_EQ(secret({"create", "alice", "--out", folder / "absent/alice"}), 1);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(secret({"create", "alice", "--out", folder / "pipe"}), 1);
  EXPECT_EQ(secret({"create", "alice", "--out", directory}), 1);
  EXPECT_THAT(*engine->list_tokens(), IsEmpty());
  EXPECT_EQ(secret({"create", "alice", "--out", folder / "alice"}), 0) << err.str();
  EXPECT_EQ(engine->list_tokens()->size(), 1U);
}

TEST_F(SecretCommand, TellsOfAFileThatARunThatWasKilledLeft) {
  const auto left = (folder / "alice") + ".a1B2c3.new";
  ASSERT_TRUE(files::write_secret_file(left, as_bytes("a secret in force")).ok());
  ASSERT_TRUE(files::write_secret_file((folder / "alice") + ".new", as_bytes("another's")).ok());
  ASSERT_EQ(secret({"create", "alice", "--out", folder / "alice"}), 0);
  EXPECT_THAT(err.str(), AllOf(HasSubstr(left), ::testing::Not(HasSubstr("alice.new"))));
  EXPECT_EQ(secret({"create", "alice", "--out", folder / "alice"}), 1) << "it has one";
  EXPECT_THAT(err.str(), HasSubstr(left));
  EXPECT_TRUE(std::filesystem::exists(left));
}

TEST_F(SecretCommand, LeavesTheFileOfTheSecretBeforeWhereNoneIsMade) {
  ASSERT_EQ(secret({"create", "alice", "--out", folder / "alice"}), 0) << err.str();
  const auto first = *files::read_file(folder / "alice");
  const auto count = files_in_folder();
  EXPECT_EQ(secret({"create", "alice", "--out", folder / "alice"}), 1);
  EXPECT_EQ(*files::read_file(folder / "alice"), first);
  EXPECT_EQ(files_in_folder(), count);
}

TEST_F(SecretCommand, RegistersNoRevocationWhoseSecretCannotBeWritten) {
  const auto commit = test::grant(1);
  const store::Commit* batch[] = {&commit};
  audit::MemoryJournal journal;
  ASSERT_TRUE(engine->apply(batch, journal).front().durable());
  const auto serial_number = test::serial(1);
  const auto wants = [&](const std::string& out_file) {
    return secret({"revocation", "--serial", serial_number.to_hex(), "--out", out_file});
  };
  EXPECT_EQ(wants(folder / "absent/secret"), 1);
  EXPECT_FALSE(engine->find_revocation_secret(serial_number)->has_value());
  EXPECT_EQ(wants(folder / "secret"), 0) << err.str();
  EXPECT_TRUE(engine->find_revocation_secret(serial_number)->has_value());
}

TEST_F(SecretCommand, KeepsASecretInForceWhosePlaceWasTakenMeanwhile) {
  HandedOutSecret wanted;
  wanted.out = folder / "alice";
  auto kept = KeptSecret::keep(wanted, SecretBytes(std::string_view("a secret")));
  ASSERT_TRUE(kept.ok());
  std::filesystem::create_directories(folder / "alice");
  const auto placed = kept->put_in_place();
  ASSERT_FALSE(placed.ok());
  const auto name = placed.error().detail.substr(placed.error().detail.rfind(' ') + 1);
  EXPECT_EQ(*files::read_file(name), to_bytes("a secret"));
}

TEST_F(SecretCommand, KeepsASecretOfWhichNobodyKnowsWhetherItIsInForce) {
  HandedOutSecret wanted;
  wanted.out = folder / "alice";
  const auto count = files_in_folder();
  const Error in_doubt{Fault::in_doubt, "it is not known whether it was kept"};
  auto kept = KeptSecret::keep(wanted, SecretBytes(std::string_view("a secret")));
  ASSERT_TRUE(kept.ok());
  const auto told = kept->give_up(in_doubt);
  EXPECT_EQ(told.fault, Fault::in_doubt);
  EXPECT_THAT(told.detail, HasSubstr(in_doubt.detail));
  const auto read = files::read_file(told.detail.substr(told.detail.rfind(' ') + 1));
  ASSERT_TRUE(read.ok()) << told.detail;
  EXPECT_EQ(*read, to_bytes("a secret"));
  EXPECT_EQ(files_in_folder(), count + 1);

  const Error refused{Fault::already_exists, "there is one"};
  {
    auto other = KeptSecret::keep(wanted, SecretBytes(std::string_view("another")));
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(other->give_up(refused), refused);
  }
  EXPECT_EQ(files_in_folder(), count + 1) << "what is not in force for sure is not kept";
  EXPECT_EQ(KeptSecret::keep({}, SecretBytes())->give_up(in_doubt), in_doubt);
}

/// What of these events stands in the operator's journal: "success", "failure".
std::vector<std::string> outcomes_of(const std::string& event, const std::string& journal) {
  std::vector<std::string> outcomes;
  std::ifstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    const auto record = Json::parse(line);
    if (record["event"] == event) outcomes.push_back(record["outcome"]);
  }
  return outcomes;
}

TEST_F(SecretCommand, ThatTheStoreDidNotTakeIsOnRecordAsNotMade) {
  test::FaultPlan plan(test::Mishap::error, 2);  // at once after the look for another one
  const auto tokens = Tokens{directory, std::make_unique<test::FaultyEngine>(*engine, plan),
                             proof::TokenVault{*crypto::SealingKey::with_octets(
                                 SecretBytes(Bytes(crypto::SealingKey::kOctets, 7)))}};
  const SecretBytes word{std::string_view("a secret")};
  const NewSecret wanted{.identification = "alice", .secret = word, .subject = {}};
  plan.arm();
  EXPECT_FALSE(add_token(tokens, wanted, system_surroundings()).ok());
  EXPECT_EQ(outcomes_of("SHARED_SECRET_CREATED", folder / "operator.jsonl"),
            (std::vector<std::string>{"success", "failure"}));
  EXPECT_TRUE(add_token(tokens, wanted, system_surroundings()).ok());
  EXPECT_EQ(outcomes_of("SHARED_SECRET_CREATED", folder / "operator.jsonl"),
            (std::vector<std::string>{"success", "failure", "success"}));
}

TEST_F(SecretCommand, MakesNoneForAServerThatLooksElsewhereAndSaysWhere) {
  configure(kInDirectory);
  EXPECT_EQ(secret({"create", "alice"}), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("the directory ldaps://directory.test"),
                               HasSubstr("signet secret wrap")));
  EXPECT_EQ(secret({"import", folder / "many"}), 1);
  configure("[secrets]\nsource = \"file\"\nfile = \"secrets\"\n");
  EXPECT_EQ(secret({"create", "alice"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("the file " + (folder / "secrets")));
  configure("");
  EXPECT_EQ(secret({"create", "alice"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("accepts no shared secrets"));
  EXPECT_THAT(*engine->list_tokens(), IsEmpty());
}

TEST_F(SecretCommand, SaysWhatIsWrongInTheSettingThatNamesAPlace) {
  for (const auto& [settings, words] : std::vector<std::pair<const char*, const char*>>{
           {"[secrets]\nsource = \"ldpa\"\n",
            "source must be one of \"file\", \"ldap\", \"none\", \"store\""},
           {"[secrets]\nsource = 1\n", "source must be a string"},
           {"[secrets]\nsource = \"file\"\n", "[secrets] file is missing"},
           {"[secrets]\nsource = \"ldap\"\n", "[ldap] uri is missing"},
           {"[secrets]\nsorce = \"store\"\n", ":14: unknown setting \"sorce\" in [secrets]"}}) {
    configure(settings);
    EXPECT_EQ(secret({"create", "alice"}), 1);
    EXPECT_THAT(err.str(), AllOf(HasSubstr(words), HasSubstr("signetd.toml")));
    EXPECT_EQ(secret({"list", "--json"}), 1);
    EXPECT_TRUE(Json::accept(out.str())) << out.str();
  }
}

TEST_F(SecretCommand, SaysOfADirectoryWhereItsSecretsAreAndHowALockEnds) {
  configure(kInDirectory);
  EXPECT_EQ(secret({"list"}), 0);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("ldaps://directory.test"), HasSubstr("lock_minutes"),
                               HasSubstr("wrapped anew")));
  EXPECT_EQ(secret({"revoke", "alice"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("ldaps://directory.test"));
}

}  // namespace
}  // namespace signet::tool
