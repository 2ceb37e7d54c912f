#include "base/properties.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

/// The last value of a name; "(absent)" where there is none.
std::string value_in(std::string_view text, std::string_view name,
                     CommentSign comments = CommentSign::behind_blanks) {
  std::string value = "(absent)";
  for (const auto& entry : read_properties(text, comments)) {
    if (entry.name == name) value = entry.value;
  }
  return value;
}

TEST(Properties, SeparateNameAndValueByTheFirstSign) {
  for (const auto* text : {"name=a:b=c", "name:a:b=c", "name a:b=c", "  name\t= a:b=c"}) {
    EXPECT_EQ(value_in(text, "name"), "a:b=c") << text;
  }
  EXPECT_EQ(value_in("name", "name"), "");
  EXPECT_EQ(value_in(R"(a\=b\ c=d)", R"(a\=b\ c)"), "d");
}

TEST(Properties, KeepTheBlanksBehindAValue) {
  EXPECT_EQ(value_in("name= a \t", "name"), "a \t");
}

TEST(Properties, BeginACommentBehindBlanksOrNot) {
  EXPECT_TRUE(read_properties("# a=1\n ! b=2 \\\n\n", CommentSign::behind_blanks).empty());
  EXPECT_EQ(value_in(" #a=1", "#a", CommentSign::in_first_column), "1");
  EXPECT_EQ(value_in("a=1 # no comment", "a"), "1 # no comment");
}

TEST(Properties, GoOnBehindAnOddNumberOfBackslashes) {
  EXPECT_EQ(value_in("a=1,\\\n   2,\\\r\n\t3\nb=4", "a"), "1,2,3");
  EXPECT_EQ(value_in("a=1\\\\\nb=4", "b"), "4");
  const auto entries = read_properties("a=1,\\\n2\nb=3", CommentSign::behind_blanks);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].line, 3);
}

TEST(WithoutEscapes, ResolvesWhatJavaDoes) {
  EXPECT_EQ(without_escapes(R"(a\\b\!c\ d\=\:\#)").value(), "a\\b!c d=:#");
  EXPECT_EQ(without_escapes(R"(\t\n\r\f\q)").value(), "\t\n\r\fq");
  EXPECT_EQ(without_escapes(R"(Z\u006f\u00EB \u20ac \uD83D\uDE00)").value(),
            "Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80");
  EXPECT_EQ(without_escapes("").value(), "");
}

TEST(WithoutEscapes, RefusesWhatIsNoCharacter) {
  for (const auto* text : {R"(\u)", R"(\u00e)", R"(\u00eg)", R"(\u+0e9)", R"(\uDE00)", R"(\uD83D)",
                           R"(\uD83Dx)", R"(\uD83D\u0041)"}) {
    const auto plain = without_escapes(text);
    ASSERT_FALSE(plain.ok()) << text;
    EXPECT_EQ(plain.error().fault, Fault::malformed);
  }
}

}  // namespace
}  // namespace signet
