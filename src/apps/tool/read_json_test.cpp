#include "apps/tool/read_json.h"

#include <gtest/gtest.h>

#include "base/nesting.h"

namespace signet::tool {
namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ReadJson, RefusesWhatIsNestedOneLevelTooDeepAndWhatIsNone) {
  EXPECT_TRUE(read_json(nested(kMostJsonDepth)).ok());
  EXPECT_EQ(read_json(nested(kMostJsonDepth + 1)).error().fault, Fault::malformed);
  EXPECT_EQ(read_json(nested(1'000'000)).error().fault, Fault::malformed);
  for (const auto* text : {"", "{", "nothing", "{} {}"}) {
    EXPECT_EQ(read_json(text).error().fault, Fault::malformed) << text;
  }
}

TEST(ReadJson, TellsAnObjectFromOtherJson) {
  EXPECT_EQ(read_json_object(R"({"a": 1})")->at("a"), 1);
  for (const auto* text : {"[]", "1", "\"{}\"", "null"}) {
    EXPECT_TRUE(read_json(text).ok()) << text;
    EXPECT_EQ(read_json_object(text).error().fault, Fault::malformed) << text;
  }
}

TEST(ReadJson, FindsMembersOfWhateverItIs) {
  const auto object = *read_json(R"({"text": "a", "number": 5})");
  const Json none;
  EXPECT_EQ(text_member_of(object, "text"), "a");
  EXPECT_EQ(text_member_of(object, "number"), "");
  EXPECT_EQ(text_member_of(object, "absent"), "");
  EXPECT_EQ(member_or(object, "number", none), 5);
  EXPECT_EQ(&member_or(object, "absent", none), &none);
  for (const auto* text : {"[]", "\"x\"", "5", "null"}) {
    EXPECT_EQ(text_member_of(*read_json(text), "text"), "") << text;
  }
}

}  // namespace
}  // namespace signet::tool
