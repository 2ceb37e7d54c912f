#include "apps/operator/secret_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/folder/authority_store.h"
#include "apps/tool/command_line.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kInDirectory =
    "[secrets]\nsource = \"ldap\"\n[ldap]\nuri = \"ldaps://directory.test\"\n";

/// An authority as far as `signet secret` looks at it.
class SecretCommand : public ::testing::Test {
 protected:
  SecretCommand() {
    configure("[secrets]\nsource = \"store\"\n");
    engine = *make_authority_store(directory, "");
    EXPECT_TRUE(files::write_secret_file(folder / "store.key", Bytes(32, 7)).ok());
    EXPECT_TRUE(
        files::write_secret_file(folder / "many", as_bytes("carl\tHK7R-2MPW-XQ4T-9ZBN-C5VD\n"))
            .ok());
  }
  void configure(const std::string& text) const { std::ofstream(folder / "signetd.toml") << text; }
  int secret(std::vector<std::string> words) {
    out.str("");
    err.str("");
    words.insert(words.begin(), {"signet", "secret"});
    words.insert(words.end(), {"--directory", directory});
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    return run_command_line(
        static_cast<int>(argv.size()), argv.data(), {.out = out, .err = err},
        [](auto& app, auto& context) { add_secret_command(app, context, system_surroundings()); });
  }

  test::TemporaryFolder folder;
  std::string directory = folder.path().string();
  std::unique_ptr<store::Engine> engine;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(SecretCommand, MakesSecretsForAServerThatReadsItsStore) {
  EXPECT_EQ(secret({"create", "alice"}), 0) << err.str();
  EXPECT_EQ(secret({"import", folder / "many"}), 0) << err.str();
  EXPECT_EQ(engine->list_tokens()->size(), 2U);
  EXPECT_EQ(secret({"list"}), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("alice"), HasSubstr("carl")));
  EXPECT_THAT(err.str(), IsEmpty());
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
