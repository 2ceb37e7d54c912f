#include "policy/java_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "support/unwrap.h"

namespace signet::policy {
namespace {

using ::testing::HasSubstr;

bool matches(std::string_view pattern, std::string_view text) {
  return test::unwrap(JavaPattern::read(pattern)).matches(text);
}

/// What is said of a pattern that is refused; empty when it is not.
std::string refusal(std::string_view pattern) {
  const auto read = JavaPattern::read(pattern);
  return read.ok() ? "" : read.error().detail;
}

TEST(JavaPattern, MatchesTheWholeTextOrNot) {
  EXPECT_TRUE(matches("CN=a", "CN=a"));
  EXPECT_FALSE(matches("CN=a", "CN=ab"));
  EXPECT_FALSE(matches("CN=a", "xCN=a"));
  EXPECT_FALSE(matches("CN=a|CN=b", "CN=ab"));
  EXPECT_TRUE(matches("(a|ab)c", "abc")) << "by the second, where the first leads nowhere";
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
}

TEST(JavaPattern, RepeatsAsOftenAsTheQuantifierSays) {
  EXPECT_TRUE(matches("a*b", "b"));
  EXPECT_TRUE(matches("a*b", "aaab"));
  EXPECT_FALSE(matches("a+b", "b"));
  EXPECT_TRUE(matches("a+b", "ab"));
  EXPECT_TRUE(matches("a?b", "b"));
  EXPECT_FALSE(matches("a?b", "aab"));
  EXPECT_FALSE(matches("a{2}", "a"));
  EXPECT_TRUE(matches("a{2}", "aa"));
  EXPECT_FALSE(matches("a{2}", "aaa"));
  EXPECT_TRUE(matches("a{2,}", "aaaaa"));
  EXPECT_FALSE(matches("a{2,}", "a"));
  EXPECT_TRUE(matches("a{1,3}", "aaa"));
  EXPECT_FALSE(matches("a{1,3}", "aaaa"));
  EXPECT_TRUE(matches("a{2,2}", "aa"));
  EXPECT_FALSE(matches("a{0}", "a"));
  EXPECT_TRUE(matches("(a|b){2,3}?c", "abac"));
  EXPECT_TRUE(matches("(?:a*)*b", "aaab"));
  EXPECT_TRUE(matches("(a?){5}", "aa"));
  EXPECT_TRUE(matches("(a|aaa)+", "aaa")) << "the longest is reached before a shorter one";
}

TEST(JavaPattern, ComesToAnEndWhereBacktrackingDoesNot) {
  EXPECT_FALSE(matches("(a+)+b", std::string(2000, 'a')));
  EXPECT_FALSE(matches("(a|a)*b", std::string(2000, 'a')));
  EXPECT_FALSE(matches("((a*)*)*b", std::string(2000, 'a')));
  EXPECT_TRUE(matches("(((a?){1000}){1000}){1000}", "aa"));
}

TEST(JavaPattern, ADotAndACountAreOfCharactersNotOfOctets) {
  EXPECT_FALSE(matches("CN=.{5}",
                       "CN=M\xC3\xBC"
                       "ller"));
  EXPECT_TRUE(matches("CN=.{6}",
                      "CN=M\xC3\xBC"
                      "ller"));
  EXPECT_FALSE(matches("CN=.{3,}", "CN=\xC3\xBC\xC3\xBC"));
  EXPECT_TRUE(matches("[\xC3\xA4\xD1\x8F]", "\xC3\xA4"));
  EXPECT_FALSE(matches("[\xC3\xA4\xD1\x8F]+", "\xC3\x8F")) << "octets of both";
  EXPECT_TRUE(matches(".", "\xF0\x9F\x98\x80"));
  EXPECT_FALSE(matches(".*", "\xC3"));
}

TEST(JavaPattern, ADotIsNoEndOfLineOfUnicodesEither) {
  for (const std::string_view end : {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    EXPECT_FALSE(matches(".", end));
    EXPECT_TRUE(matches("[^,]", end));
  }
  EXPECT_TRUE(matches(".", "\x0B"));
}

TEST(JavaPattern, KnowsBeginningAndEnd) {
  EXPECT_TRUE(matches("^CN=a$", "CN=a"));
  EXPECT_TRUE(matches("\\ACN=a\\z", "CN=a"));
  EXPECT_FALSE(matches("a^b", "ab"));
  EXPECT_FALSE(matches("a$b", "ab"));
  EXPECT_TRUE(matches("a$\\n", "a\n"));
  EXPECT_TRUE(matches("a\\Z\\r\\n", "a\r\n"));
  EXPECT_FALSE(matches("a\\r$\\n", "a\r\n"));
  EXPECT_FALSE(matches("a\\z\\n", "a\n"));
  EXPECT_FALSE(matches("a$\\n\\n", "a\n\n")) << "not the last one";
  EXPECT_FALSE(matches("a$\\nbc", "a\nbc"));
  for (const std::string end : {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    EXPECT_TRUE(matches("a$" + end, "a" + end));
  }
  EXPECT_FALSE(matches("a$\x0B", "a\x0B"));
}

TEST(JavaPattern, LooksAhead) {
  EXPECT_TRUE(matches("(?!CN=ADMIN)CN=.*", "CN=alice"));
  EXPECT_FALSE(matches("(?!CN=ADMIN)CN=.*", "CN=ADMIN"));
  EXPECT_FALSE(matches("(?!CN=a$)CN=[^,]*", "CN=a\n"));
  EXPECT_TRUE(matches("(?=.*,O=X)CN=.*", "CN=a,O=X"));
  EXPECT_FALSE(matches("(?=.*,O=X)CN=.*", "CN=a,O=Y"));
}

TEST(JavaPattern, ReadsSetsInsideAndOutsideOfBrackets) {
  EXPECT_TRUE(matches("\\p{Alpha}+", "aZ"));
  EXPECT_FALSE(matches("\\p{Alpha}+", "a1"));
  EXPECT_FALSE(matches("\\p{Alpha}", "\xC3\xBC")) << "of ASCII alone";
  EXPECT_TRUE(matches("\\P{Alpha}", "\xC3\xBC"));
  EXPECT_TRUE(matches("[^\\p{Punct}]+", "alice"));
  for (const char each : std::string("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")) {
    EXPECT_FALSE(matches("[^\\p{Punct}]", std::string_view(&each, 1))) << each;
    EXPECT_TRUE(matches("\\p{Punct}", std::string_view(&each, 1))) << each;
  }
  EXPECT_FALSE(matches("[^\\p{Upper}]+", "ADMIN"));
  EXPECT_TRUE(matches("[^\\p{Upper}]+", "admin"));
  EXPECT_TRUE(matches("[\\P{Upper}X]+", "adminX"));
  EXPECT_FALSE(matches("[\\P{Upper}X]+", "adminY"));
  EXPECT_TRUE(matches("[\\w.-]+", "a_1.-"));
  EXPECT_FALSE(matches("\\w", "\xC3\xBC"));
  EXPECT_TRUE(matches("\\W", "\xC3\xBC"));
  EXPECT_TRUE(matches("\\s\\S\\d\\D", " a1b"));
  EXPECT_FALSE(matches("\\s", "\xC2\xA0"));
  EXPECT_TRUE(matches("[\\p{XDigit}:]+", "0a:Ff"));
}

TEST(JavaPattern, KnowsTheNamedSetsOfAscii) {
  struct Row {
    const char* set;
    int (*holds)(int);
  };
  for (const auto& [set, holds] :
       {Row{"\\p{Lower}", std::islower}, Row{"\\p{Upper}", std::isupper},
        Row{"\\p{Alpha}", std::isalpha}, Row{"\\p{Digit}", std::isdigit},
        Row{"\\p{Alnum}", std::isalnum}, Row{"\\p{Punct}", std::ispunct},
        Row{"\\p{Graph}", std::isgraph}, Row{"\\p{Print}", std::isprint},
        Row{"\\p{Blank}", std::isblank}, Row{"\\p{Cntrl}", std::iscntrl},
        Row{"\\p{XDigit}", std::isxdigit}, Row{"\\p{Space}", std::isspace},
        Row{"\\d", std::isdigit}, Row{"\\s", std::isspace},
        Row{"\\p{ASCII}", [](int) { return 1; }},
        Row{"\\w", [](int octet) { return octet == '_' ? 1 : std::isalnum(octet); }}}) {
    for (int octet = 0; octet < 0x80; ++octet) {
      const char text = static_cast<char>(octet);
      EXPECT_EQ(matches(set, std::string_view(&text, 1)), holds(octet) != 0) << set << octet;
    }
    EXPECT_FALSE(matches(set, "\xC2\x80")) << set;
  }
}

TEST(JavaPattern, ReadsBracketsAsBothLanguagesDo) {
  EXPECT_TRUE(matches("[a-c]+", "abc"));
  EXPECT_FALSE(matches("[a-c]", "-"));
  EXPECT_TRUE(matches("[-a]+", "a-"));
  EXPECT_TRUE(matches("[a-]+", "a-"));
  EXPECT_TRUE(matches("[a^]+", "a^"));
  EXPECT_TRUE(matches("[&a]+", "&a"));
  EXPECT_TRUE(matches("[\\]\\[\\-]+", "]-["));
  EXPECT_TRUE(matches("[.*+]+", ".*+"));
  EXPECT_FALSE(matches("[.]", "a"));
  EXPECT_TRUE(matches("a]b}", "a]b}"));
  EXPECT_FALSE(matches("[^za]", "a")) << "in whatever order";
  EXPECT_FALSE(matches("[^a-zc]", "m")) << "one within another";
  EXPECT_FALSE(matches("[^\\p{ASCII}]", "a")) << "from the first character on";
}

TEST(JavaPattern, ReadsEscapesAndQuotes) {
  EXPECT_TRUE(matches("\\QCN=al.ice\\E,O=X", "CN=al.ice,O=X"));
  EXPECT_FALSE(matches("\\QCN=al.ice\\E,O=X", "CN=alxice,O=X"));
  EXPECT_TRUE(matches("\\Qa.b", "a.b"));
  EXPECT_TRUE(matches("\\Qa+\\E+", "a+++"));
  EXPECT_FALSE(matches("\\Qa+\\E+", "a+a+"));
  EXPECT_TRUE(matches("[\\Q^-]\\E]+", "]-^"));
  EXPECT_TRUE(matches("\\\\Q", "\\Q")) << "an escaped '\\', then a Q";
  EXPECT_TRUE(matches("CN=a\\, b\\.c", "CN=a, b.c"));
  EXPECT_TRUE(matches("\\x41\\u00fc\\u00FC", "A\xC3\xBC\xC3\xBC"));
  EXPECT_TRUE(matches("\\t\\e\\a", "\t\x1B\a"));
}

TEST(JavaPattern, RefusesByNameWhatItDoesNotRead) {
  struct Row {
    const char* pattern;
    const char* named;
  };
  for (const auto& [pattern, named] : {Row{"a++", "possessive"},
                                       Row{".{1,3}+", "possessive"},
                                       Row{"a?+", "possessive"},
                                       Row{"[\\p{L} ]+", "'\\p{L}'"},
                                       Row{"\\p{IsAlphabetic}", "'\\p{IsAlphabetic}'"},
                                       Row{"\\pL", "'\\p{L}'"},
                                       Row{"\\p{alpha}", "'\\p{alpha}'"},
                                       Row{"\\p{Alpha", "'\\p{Alpha}'"},
                                       Row{"\\p{d}", "'\\p{d}'"},
                                       Row{"[a-z&&[^b]]", "'&&'"},
                                       Row{"[a[bc]]", "'['"},
                                       Row{"[]a]", "']'"},
                                       Row{"[a-c-e]", "'-'"},
                                       Row{"[\\d-a]", "'-'"},
                                       Row{"[--a]", "'-'"},
                                       Row{"[c-a]", "wrong order"},
                                       Row{"[A-[b]]", "'['"},
                                       Row{"[!-&&[b]]", "'&&'"},
                                       Row{"[!--]", "ends a range"},
                                       Row{"(?i)cn=a", "'(?'"},
                                       Row{"(?<name>a)", "'(?'"},
                                       Row{"(?<=a)b", "'(?'"},
                                       Row{"(?>a)", "'(?'"},
                                       Row{"(a)\\1", "'\\1'"},
                                       Row{"(a)\\k<b>", "'\\k'"},
                                       Row{"\\bfoo", "'\\b'"},
                                       Row{"[\\b]", "'\\b'"},
                                       Row{"\\h", "'\\h'"},
                                       Row{"\\v", "'\\v'"},
                                       Row{"\\R", "'\\R'"},
                                       Row{"\\X", "'\\X'"},
                                       Row{"\\N{DIGIT ONE}", "'\\N'"},
                                       Row{"\\G", "'\\G'"},
                                       Row{"\\cA", "'\\c'"},
                                       Row{"\\0101", "'\\0'"},
                                       Row{"a\\E", "'\\E'"},
                                       Row{"[\\A]", "'\\A'"},
                                       Row{"\\x{41}", "'\\x'"},
                                       Row{"\\ud83d", "half a character"},
                                       Row{"\\udfff", "half a character"},
                                       Row{"a**", "repeats a repetition"},
                                       Row{"a{2}{3}", "repeats a repetition"},
                                       Row{"*a", "repeats nothing"},
                                       Row{"{a}", "repeats nothing"},
                                       Row{"^*", "takes no character"},
                                       Row{"(?=a)*", "takes no character"},
                                       Row{"a{2,1}", "'{'"},
                                       Row{"a{,2}", "'{'"},
                                       Row{"a{1001}", "'{'"},
                                       Row{"(a", "not closed"},
                                       Row{"a)", "ends no group"},
                                       Row{"[a", "not closed"},
                                       Row{"a\\", "at the end"},
                                       Row{"\xC3", "UTF-8"}}) {
    EXPECT_THAT(refusal(pattern), HasSubstr(named)) << pattern;
  }
}

TEST(JavaPattern, NamesThePlace) {
  EXPECT_THAT(refusal("CN=.{1,3}+,O=EXAMPLE"), HasSubstr("'+' near character 10"));
}

TEST(JavaPattern, DoesNotGoDeeperThanFiftyGroups) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + std::string(depth, ')');
  };
  EXPECT_EQ(refusal(nested(50)), "");
  EXPECT_THAT(refusal(nested(51)), HasSubstr("too deep"));
  std::string beside;
  for (int i = 0; i < 51; ++i) beside += "(a)";
  EXPECT_EQ(refusal(beside), "");
}

}  // namespace
}  // namespace signet::policy
