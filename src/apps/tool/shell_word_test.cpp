#include "apps/tool/shell_word.h"

#include <gtest/gtest.h>

namespace signet::tool {
namespace {

TEST(ShellWord, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(shell_word("var/alice/request.crq"), "var/alice/request.crq");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my dir; touch x"), "'my dir; touch x'");
  EXPECT_EQ(shell_word("O'Brien"), "'O'\\''Brien'");
  EXPECT_EQ(shell_word("$(x)`y`"), "'$(x)`y`'");
}

}  // namespace
}  // namespace signet::tool
