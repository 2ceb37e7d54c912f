#include "policy/config_file.h"

#include <gtest/gtest.h>

namespace signet::policy {
namespace {

std::string value_in(std::string_view text, std::string_view key) {
  std::vector<ProfileFault> faults;
  const auto file = read_config_file("t.cfg", text, faults);
  const auto* entry = file.find(key);
  return entry == nullptr ? "(absent)" : entry->value;
}

TEST(ReadConfigFile, SeparatesKeyAndValueByEqualsSignColonOrBlank) {
  EXPECT_EQ(value_in("key=value", "key"), "value");
  EXPECT_EQ(value_in("key:value", "key"), "value");
  EXPECT_EQ(value_in("key value", "key"), "value");
  EXPECT_EQ(value_in("  key \t = value \t", "key"), "value");
}

TEST(ReadConfigFile, TakesOnlyTheFirstSeparator) {
  EXPECT_EQ(value_in("acl=group=\"A: B\"", "acl"), "group=\"A: B\"");
  EXPECT_EQ(value_in("key = = x", "key"), "= x");
}

TEST(ReadConfigFile, AllowsAnEmptyValue) {
  EXPECT_EQ(value_in("key=", "key"), "");
  EXPECT_EQ(value_in("key", "key"), "");
}

TEST(ReadConfigFile, PassesOverCommentsAndEmptyLines) {
  EXPECT_EQ(value_in("#key=1\n!key=2\n\n   \nkey=3\n", "key"), "3");
}

TEST(ReadConfigFile, TakesACommentSignOnlyInTheFirstColumn) {
  EXPECT_EQ(value_in(" #key=1", "#key"), "1");
}

TEST(ReadConfigFile, JoinsALineThatEndsInAnOddNumberOfBackslashes) {
  EXPECT_EQ(value_in("list=1,\\\n   2,\\\n3\nother=x", "list"), "1,2,3");
  EXPECT_EQ(value_in("path=a\\\\\nother=x", "path"), "a\\\\");
  EXPECT_EQ(value_in("path=a\\\\\nother=x", "other"), "x");
  EXPECT_EQ(value_in("last=a\\", "last"), "a");
}

TEST(ReadConfigFile, KeepsBackslashesInValuesAndProtectedSeparatorsInKeys) {
  EXPECT_EQ(value_in("pattern=CN=.*\\.example", "pattern"), "CN=.*\\.example");
  EXPECT_EQ(value_in("a\\=b=c", "a\\=b"), "c");
}

TEST(ReadConfigFile, EndsLinesWithLineFeedCarriageReturnOrBoth) {
  EXPECT_EQ(value_in("a=1\r\nb=2\rc=3\n", "a"), "1");
  EXPECT_EQ(value_in("a=1\r\nb=2\rc=3\n", "b"), "2");
  EXPECT_EQ(value_in("a=1\r\nb=2\rc=3\n", "c"), "3");
}

TEST(ReadConfigFile, KeepsTheLastOfTwoValuesAndWarns) {
  std::vector<ProfileFault> faults;
  const auto file = read_config_file("t.cfg", "a=1\nb=2\na=3\n", faults);
  EXPECT_EQ(file.find("a")->value, "3");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].severity, ProfileFault::Severity::warning);
  EXPECT_EQ(faults[0].line, 3);
}

TEST(ReadConfigFile, CountsLinesThroughContinuations) {
  std::vector<ProfileFault> faults;
  const auto file = read_config_file("t.cfg", "a=1,\\\n2\nb=3\r\n\nc=4", faults);
  EXPECT_EQ(file.line_of("a"), 1);
  EXPECT_EQ(file.line_of("b"), 3);
  EXPECT_EQ(file.line_of("c"), 5);
  EXPECT_EQ(file.line_of("d"), 0);
}

TEST(SplitList, KeepsEmptyItemsAndBlanks) {
  EXPECT_EQ(split_list(""), std::vector<std::string>{});
  EXPECT_EQ(split_list("1, 2,,3"), (std::vector<std::string>{"1", " 2", "", "3"}));
}

}  // namespace
}  // namespace signet::policy
