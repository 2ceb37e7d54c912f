#include "base/unseen.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

TEST(UnseenTest, AreFoundWhereverTheyStand) {
  EXPECT_EQ(first_unseen("alice\u200B"), U'\u200B');
  EXPECT_EQ(first_unseen("\u202Eecila\u202C"), U'\u202E');
  EXPECT_EQ(first_unseen("Zo\u00EB \u6F22 \U0001F600\U000E0041"), U'\U000E0041');
  EXPECT_EQ(first_unseen(std::string_view("a\0b", 3)), U'\0');
}

TEST(UnseenTest, AreThoseOfEachKind) {
  for (const auto* text :
       {"\x1B",       "\x7F",       "\u0085",     "\u00AD",     "\u034F",    "\u061C", "\u115F",
        "\u180E",     "\u200C",     "\u200F",     "\u2028",     "\u2029",    "\u202A", "\u2060",
        "\u2064",     "\u2066",     "\u2069",     "\u206F",     "\u3164",    "\uFE0F", "\uFEFF",
        "\U000E0001", "\U000E007F", "\U000E0100", "\u00A0",     "\u1680",    "\u2003", "\u200A",
        "\u202F",     "\u205F",     "\u2800",     "\u3000",     "\uE000",    "\uFDD0", "\uFFFE",
        "\U000110BD", "\U00013430", "\U00016FE4", "\U0001D159", "\U0010FFFF"}) {
    EXPECT_TRUE(first_unseen(text)) << shown_in_line(text);
  }
}

TEST(UnseenTest, AreNotTheirNeighbours) {
  for (const auto* text : {" ",
                           "~",
                           "\u00A1",
                           "\u00AC",
                           "\u00AE",
                           "\u1FFE",
                           "\u2010",
                           "\u2027",
                           "\u2030",
                           "\u205E",
                           "\u2070",
                           "\u2801",
                           "\u3001",
                           "\uFE10",
                           "\uFEFE",
                           "\uFFFD",
                           "\U0001D15A",
                           "e\u0301",
                           "J\u00F6rg, \u00A75",
                           "\u6F22",
                           "\U0001F600"}) {
    EXPECT_EQ(first_unseen(text), std::nullopt) << text;
  }
}

TEST(UnseenTest, AreFoundInFormsThatUtf8DoesNotHave) {
  EXPECT_EQ(first_unseen("\xC0\x9B"), U'\x1B');
  EXPECT_EQ(first_unseen("\xF0\x82\x80\x8B"), U'\u200B');
}

TEST(UnseenTest, AreNoneInOctetsThatAreNoUtf8) {
  for (const auto* text :
       {"\xFF", "\xC2", "\xE2\x80", "\xE2\x80z", "\x8B", "\xF8\x88\x80\x80\x80"}) {
    EXPECT_EQ(first_unseen(text), std::nullopt);
    EXPECT_EQ(shown_in_line(text), text);
  }
}

TEST(ShownInLine, IsOneLineInWhichEachCharacterIsSeen) {
  EXPECT_EQ(shown_in_line("al\r\n\x1B[2Kice\x7F"), "al???[2Kice?");
  EXPECT_EQ(shown_in_line("a\u0085z\u00A0z"), "a?z\\u{a0}z");
  EXPECT_EQ(shown_in_line("alice\u200B"), "alice\\u{200b}");
  EXPECT_EQ(shown_in_line("\u202Eecila\U000E0041z"), "\\u{202e}ecila\\u{e0041}z");
  EXPECT_EQ(shown_in_line(""), "");
  EXPECT_EQ(shown_in_line("J\u00F6rg, \u00A75"), "J\u00F6rg, \u00A75");
}

TEST(ShownInLine, LeavesTheRestOfBrokenUtf8) {
  EXPECT_EQ(shown_in_line("\xE2\x80\u200Bz"), "\xE2\x80\\u{200b}z");
}

}  // namespace
}  // namespace signet
