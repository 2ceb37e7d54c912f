#include "audit/json_text.h"

#include <gtest/gtest.h>

namespace signet::audit {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
  std::string json;
  write_json_string(json, text);
  return json;
}

TEST(WriteJsonString, CopiesPlainText) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("MIIB/+8="), R"("MIIB/+8=")");
  EXPECT_EQ(written("CN=Alice,O=Example"), R"("CN=Alice,O=Example")");
}

TEST(WriteJsonString, EscapesWhatWouldEndTheStringOrTheLine) {
  EXPECT_EQ(written("a\"b\\c\nd\re\tf\bg\fh"), R"("a\"b\\c\nd\re\tf\bg\fh")");
  EXPECT_EQ(written("\0\x1b\x1f\x7f"s), R"("\u0000\u001b\u001f\u007f")");
}

TEST(WriteJsonString, FindsWhatIsSpecialWhereverItStands) {
  const std::string plain(100, '~');
  for (const auto& [special, escape] : {std::pair{"\""s, R"(\")"s},
                                        {"\\"s, R"(\\)"s},
                                        {"\x1F"s, R"(\u001f)"s},
                                        {"\x7F"s, R"(\u007f)"s},
                                        {"\xFF"s, "\xEF\xBF\xBD"s},
                                        {"ë"s, "ë"s}}) {
    for (std::size_t at = 0; at <= plain.size(); ++at) {
      const auto before = plain.substr(0, at);
      const auto after = plain.substr(at);
      EXPECT_EQ(written(before + special + after), "\"" + before + escape + after + "\"");
    }
  }
}

TEST(WriteJsonString, KeepsWellFormedUtf8) {
  EXPECT_EQ(written("Zoë Ω 漢 😀"), "\"Zoë Ω 漢 😀\"");
  EXPECT_EQ(written("\xF4\x8F\xBF\xBF"), "\"\xF4\x8F\xBF\xBF\"");  // U+10FFFF
}

TEST(WriteJsonString, ReplacesEachOctetThatIsNotUtf8) {
  const auto replaced = "\xEF\xBF\xBD"s;
  EXPECT_EQ(written("a\xFFz"), "\"a" + replaced + "z\"");
  EXPECT_EQ(written("\xC3"), "\"" + replaced + "\"");                                // cut short
  EXPECT_EQ(written("\xC0\x80"), "\"" + replaced + replaced + "\"");                 // overlong
  EXPECT_EQ(written("\xED\xA0\x80"), "\"" + replaced + replaced + replaced + "\"");  // surrogate
  EXPECT_EQ(written("\xF4\x90\x80\x80").size(), 2 + 4 * replaced.size());  // above U+10FFFF
  EXPECT_EQ(written("\xE6\xBC\"x"), "\"" + replaced + replaced + R"(\"x")");
}

TEST(JsonCursor, ReadsBackWhatWasWritten) {
  std::string all;
  for (int octet = 0; octet < 0x80; ++octet) all += static_cast<char>(octet);
  all += "Zoë 漢 😀";
  const auto json = written(all);
  JsonCursor cursor(json);
  EXPECT_EQ(*cursor.read_string(), all);
  EXPECT_TRUE(cursor.finish().ok());
}

TEST(JsonCursor, RefusesStringsThatWeDoNotWrite) {
  for (const std::string_view json :
       {"", "a", "\"", "\"a", "\"a\\", "\"\\x\"", "\"\\/\"", "\"\\u0041\"", "\"\\u000A\"",
        "\"\\u001\"", "\"\\ud83d\\ude00\"", "\"a\nb\"", "\"\x7f\"", "\"\xFF\"", "\"\xC3\""}) {
    EXPECT_EQ(JsonCursor(json).read_string().error().fault, Fault::malformed) << json;
  }
}

TEST(JsonCursor, ReadsNumbersWithoutSignOrLeadingZeros) {
  EXPECT_EQ(*JsonCursor("0,").read_number(), 0U);
  EXPECT_EQ(*JsonCursor("18446744073709551615").read_number(), UINT64_MAX);
  for (const std::string_view json : {"", "-1", "+1", "01", "x", "18446744073709551616"}) {
    EXPECT_EQ(JsonCursor(json).read_number().error().fault, Fault::malformed) << json;
  }
}

TEST(JsonCursor, TellsWhereItStopped) {
  JsonCursor cursor("{\"a\" :1}");
  ASSERT_TRUE(cursor.expect("{").ok());
  ASSERT_TRUE(cursor.read_string().ok());
  EXPECT_EQ(cursor.expect(":").error().detail, ": wanted at octet 4 of the record");
}

}  // namespace
}  // namespace signet::audit
