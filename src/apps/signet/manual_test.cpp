#include <gtest/gtest.h>

#include <sstream>

#include "apps/signet/run.h"
#include "apps/tool/command_line.h"
#include "support/shared_data.h"

namespace signet::tool {
namespace {

struct Page {
  std::string name;  ///< "signet-enroll"
  std::string text;  ///< without roff's escapes of '-'
};

std::string without_escapes(std::string text) {
  for (auto at = text.find("\\-"); at != std::string::npos; at = text.find("\\-", at)) {
    text.erase(at, 1);
  }
  return text;
}

Page page_of(const std::string& command) {
  const auto name = "signet-" + command;
  const auto octets = test::file(test::source_folder() + "/docs/man/" + name + ".1");
  return {name, without_escapes(std::string(as_text(octets)))};
}

/// Whether `option` stands there as a word: "--in" is not found in "--inform".
bool has_word(const std::string& text, const std::string& option) {
  for (auto at = text.find(option); at != std::string::npos; at = text.find(option, at + 1)) {
    const char after = at + option.size() < text.size() ? text[at + option.size()] : ' ';
    const bool longer = std::isalnum(static_cast<unsigned char>(after)) != 0 || after == '-';
    if (!longer) return true;
  }
  return false;
}

void expect_options(const CLI::App& command, const std::string& text, const std::string& where) {
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) {
      EXPECT_TRUE(has_word(text, "--" + name)) << where << " lacks --" << name;
    }
  }
  for (const auto* below : command.get_subcommands([](const CLI::App*) { return true; })) {
    EXPECT_TRUE(has_word(text, below->get_name())) << where << " lacks " << below->get_name();
    expect_options(*below, text, where);
  }
}

class Manual : public ::testing::Test {
 protected:
  Manual() {
    add_commands(app, context, system_surroundings());
    add_json_flag(app, context);
  }

  std::ostringstream nowhere;
  CLI::App app;
  Context context{.out = nowhere, .err = nowhere};
};

TEST_F(Manual, HasAPageForEachCommandWithEveryLongOption) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto page = page_of(command->get_name());
    EXPECT_FALSE(page.text.empty()) << page.name;
    expect_options(*command, page.text, page.name);
  }
}

TEST_F(Manual, CompletionKnowsEveryLongOption) {
  for (const auto* path : {"/tools/completion/signet.bash", "/tools/completion/_signet"}) {
    const auto octets = test::file(test::source_folder() + path);
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      expect_options(*command, std::string(as_text(octets)), path);
    }
  }
}

}  // namespace
}  // namespace signet::tool
