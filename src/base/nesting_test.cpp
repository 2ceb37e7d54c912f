#include "base/nesting.h"

#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

std::string lists(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Nesting, TellsListsThatAreOneTooDeepFromThoseThatAreNot) {
  EXPECT_FALSE(nests_deeper(lists(kMostJsonDepth)));
  EXPECT_TRUE(nests_deeper(lists(kMostJsonDepth + 1)));
  EXPECT_FALSE(nests_deeper(R"({"a":[{"b":1}]})", 3));
  EXPECT_TRUE(nests_deeper(R"({"a":[{"b":1}]})", 2));
}

TEST(Nesting, IsWhatStandsInEachOtherAndNotBesideIt) {
  std::string beside = "[";
  for (int at = 0; at < 1000; ++at) beside += "{},[],";
  EXPECT_FALSE(nests_deeper(beside + "0]", 2));
}

TEST(Nesting, CountsNothingWithinStrings) {
  EXPECT_FALSE(nests_deeper(R"({"[[[[":"{{{{"})", 1));
  EXPECT_FALSE(nests_deeper(R"(["\"[[[[", "\\"])", 1));
  EXPECT_TRUE(nests_deeper(R"(["\\",[[]]])", 2)) << "the string ends behind what is escaped";
  EXPECT_TRUE(nests_deeper(R"(["]]",[[]]])", 2));
}

TEST(Nesting, LooksAtWhatIsNoJsonAsFarAsItGoes) {
  for (const auto* text : {"", "]]]]", "\"", "\"\\", "\"[[[[", "nothing"}) {
    EXPECT_FALSE(nests_deeper(text, 1)) << text;
  }
  EXPECT_TRUE(nests_deeper("]]]][[", 1)) << "a closing that nothing opened takes nothing off";
  EXPECT_TRUE(nests_deeper(std::string(100'000, '['))) << "that never end";
}

}  // namespace
}  // namespace signet
