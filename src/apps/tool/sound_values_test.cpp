#include "apps/tool/sound_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::tool {
namespace {

using ::testing::HasSubstr;

/// A command with options of several kinds, of which one is read at a time.
class SoundValues : public ::testing::Test {
 protected:
  SoundValues() {
    add("--host", "NAME");
    add("--subject", "NAME");
    add("--note", "TEXT");
    add("--extension", "EXTENSION");
    add("--out", "FILE");
    add("--last", "N:POSITIVE");
    app.add_option("WORD", word);
    app.add_flag("--all");
    app.add_option("FOLDER", word);
    add_value_checks(app);
  }
  void add(const std::string& name, const std::string& type) {
    app.add_option(name, values)->type_name(type);
  }
  /// What is wrong; "" where it is taken.
  std::string fault(const std::vector<std::string>& words) {
    try {
      app.clear();
      app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
      return "";
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
  }

  CLI::App app;
  std::vector<std::string> values;
  std::string word;
};

TEST_F(SoundValues, AreNotEmpty) {
  EXPECT_EQ(fault({"--host", ""}), "--host: it is empty; wanted: NAME");
  EXPECT_EQ(fault({"--host", " \t"}), "--host: it is empty; wanted: NAME");
  EXPECT_EQ(fault({"--host", "a", "--host", ""}), "--host: it is empty; wanted: NAME");
  EXPECT_EQ(fault({"--out", ""}), "--out: it is empty; wanted: FILE");
  EXPECT_EQ(fault({"--last", ""}), "--last: it is empty; wanted: N");
  EXPECT_EQ(fault({""}), "WORD: it is empty");
  EXPECT_EQ(fault({"--subject", " "}), "--subject: it is empty; wanted: NAME");
  EXPECT_EQ(fault({"--subject", ""}), "") << "the NULL name";
  EXPECT_EQ(fault({"--out", " "}), "") << "a file may be called so";
  EXPECT_EQ(fault({"--host", "a", "--all"}), "");
}

TEST_F(SoundValues, ArePlainUtf8ButForPaths) {
  EXPECT_EQ(fault({"--host", "\xe9t\xe9"}), "--host: it is no UTF-8; wanted: NAME");
  EXPECT_EQ(fault({"--host", "a\nb"}), "--host: it has a control character; wanted: NAME");
  EXPECT_EQ(fault({"--host", "a\x7f"}), "--host: it has a control character; wanted: NAME");
  EXPECT_THAT(fault({"--note", "a\x1b[1m"}), HasSubstr("control"));
  EXPECT_EQ(fault({"--note", "two\nlines"}), "");
  EXPECT_EQ(fault({"--host", "\u00e9t\u00e9"}), "");
  EXPECT_EQ(fault({"--out", "\xe9t\xe9"}), "");
  EXPECT_EQ(fault({"word", "\xe9t\xe9"}), "") << "FOLDER";
  EXPECT_EQ(fault({"\xe9t\xe9"}), "WORD: it is no UTF-8");
}

TEST_F(SoundValues, AreNoLongerThanAnybodyMeans) {
  const auto of_length = [](std::size_t octets) { return std::string(octets, 'x'); };
  EXPECT_EQ(fault({"--host", of_length(4096)}), "");
  EXPECT_EQ(fault({"--host", of_length(4097)}),
            "--host: it is longer than 4096 octets; wanted: NAME");
  EXPECT_EQ(fault({"--extension", of_length(4097)}), "");
  EXPECT_EQ(fault({"--out", of_length(4095)}), "");
  EXPECT_EQ(fault({"--out", of_length(4096)}),
            "--out: it is longer than 4095 octets; wanted: FILE");
}

}  // namespace
}  // namespace signet::tool
