#include <gtest/gtest.h>

#include <cstdio>
#include <set>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/signet/run.h"
#include "apps/tool/command_line.h"
#include "support/each_command.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

using test::for_each_command;
using Words = std::vector<std::string>;

/// What stands where completion is asked for.
constexpr const char* kFile = "a-file";
constexpr const char* kFolder = "a-folder";

struct Question {
  Words words;  ///< the last one is to be completed
  std::set<std::string> offered = {};
};

/// Asks tools/completion/signet.bash, as bash does, in a folder with one file and one folder.
class Completion : public ::testing::Test {
 protected:
  Completion() {
    std::filesystem::create_directory(folder / kFolder);
    EXPECT_TRUE(files::write_file(folder / kFile, {}).ok());
    add_commands(app, context, system_surroundings());
    add_json_flag(app, context);
  }
  static std::string quoted(const Words& words) {
    std::string line;
    for (const auto& word : words) line += " '" + word + "'";
    return line;
  }
  void ask(std::vector<Question>& questions) const {
    std::string script = "source '" + test::source_folder() +
                         "/tools/completion/signet.bash'\ncd '" + folder.path().string() +
                         "'\nask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMPREPLY=()\n"
                         "  _signet; echo \"${COMPREPLY[*]}\"; }\n";
    for (const auto& question : questions) script += "ask signet" + quoted(question.words) + "\n";
    const auto file = folder.path().string() + ".bash";
    ASSERT_TRUE(files::write_file(file, as_bytes(script)).ok());
    std::FILE* answers = ::popen(("bash '" + file + "'").c_str(), "r");
    ASSERT_NE(answers, nullptr);
    for (auto& question : questions) {
      char line[4096] = "";
      ASSERT_NE(std::fgets(line, sizeof line, answers), nullptr) << quoted(question.words);
      std::istringstream offered(line);
      for (std::string word; offered >> word;) question.offered.insert(word);
    }
    ::pclose(answers);
    std::filesystem::remove(file);
  }

  test::TemporaryFolder folder;
  std::ostringstream nowhere;
  CLI::App app;
  Context context{.out = nowhere, .err = nowhere};
};

Words with(Words words, std::initializer_list<const char*> more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::set<std::string> options_of(const CLI::App& command) {
  std::set<std::string> options;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) options.insert("--" + name);
  }
  return options;
}

TEST_F(Completion, OffersEachCommandItsOptionsAndNoOthers) {
  std::vector<Question> questions;
  std::vector<std::set<std::string>> wanted;
  for_each_command(app, {}, [&](const CLI::App& command, const Words& name) {
    questions.push_back({with(name, {"--"})});
    wanted.push_back(options_of(command));
  });
  ask(questions);
  for (std::size_t at = 0; at < questions.size(); ++at) {
    EXPECT_EQ(questions[at].offered, wanted[at]) << quoted(questions[at].words);
  }
}

/// What is offered as an option's value: files and folders, folders alone, or neither.
std::set<std::string> wanted_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  if (type.starts_with("FILE")) return {kFile, kFolder};
  return type.starts_with("DIR") ? std::set<std::string>{kFolder} : std::set<std::string>{};
}

TEST_F(Completion, OffersFilesForFilesAndFoldersForFolders) {
  std::vector<Question> questions;
  std::vector<std::set<std::string>> wanted;
  for_each_command(app, {}, [&](const CLI::App& command, const Words& name) {
    for (const auto* option : command.get_options()) {
      if (option->get_positional() || option->get_expected_min() == 0) continue;
      questions.push_back({with(name, {option->get_name().c_str(), ""})});
      wanted.push_back(wanted_of(*option));
    }
  });
  ask(questions);
  for (std::size_t at = 0; at < questions.size(); ++at) {
    auto offered = questions[at].offered;
    std::erase_if(offered, [](const auto& word) { return word != kFile && word != kFolder; });
    EXPECT_EQ(offered, wanted[at]) << quoted(questions[at].words);
  }
}

TEST_F(Completion, OffersWordsWhereACommandTakesThem) {
  std::vector<Question> questions{{{"inspect", ""}},     {{"profile", "publish", ""}},
                                  {{"ca", "renew", ""}}, {{"ca", "status", "--dir"}},
                                  {{"ca", "re"}},        {{"certificates", "--status", ""}}};
  ask(questions);
  EXPECT_EQ(questions[0].offered, (std::set<std::string>{kFile, kFolder}));
  EXPECT_EQ(questions[1].offered, (std::set<std::string>{kFolder}));
  EXPECT_EQ(questions[2].offered, (std::set<std::string>{"tls", "cmc", "encryption", "agent"}));
  EXPECT_EQ(questions[3].offered, (std::set<std::string>{"--directory"}));
  EXPECT_EQ(questions[4].offered, (std::set<std::string>{"renew", "republish", "restore"}));
  EXPECT_EQ(questions[5].offered, (std::set<std::string>{"valid", "revoked", "held", "expired"}));
}

}  // namespace
}  // namespace signet::tool
