#include "adapters/ldif/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support/unwrap.h"

namespace signet::ldif {
namespace {

std::vector<Entry> read(const std::string& text, Limits limits = {}) {
  std::istringstream in(text);
  Reader reader(in, limits);
  std::vector<Entry> entries;
  while (auto entry = test::unwrap(reader.next())) entries.push_back(*std::move(entry));
  EXPECT_EQ(reader.octets_read(), text.size());
  return entries;
}

Entry read_one(const std::string& text, Limits limits = {}) {
  auto entries = read(text, limits);
  EXPECT_EQ(entries.size(), 1U);
  return entries.empty() ? Entry{} : entries.front();
}

TEST(LdifReader, ReadsEntriesWithTheirLinesAndValues) {
  const auto entries = read(
      "version: 1\n\ndn: cn=7,o=ca\nobjectClass: top\nobjectClass: certificateRecord\n\n\n"
      "dn: cn=8,o=ca\ncn: 8\n");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].dn, "cn=7,o=ca");
  EXPECT_EQ(entries[0].line, 3U);
  ASSERT_EQ(entries[0].attributes.size(), 2U);
  EXPECT_EQ(entries[0].attributes[1],
            (Attribute{"objectclass", "", to_bytes("certificateRecord"), false}));
  EXPECT_EQ(entries[1].dn, "cn=8,o=ca");
  EXPECT_EQ(entries[1].line, 8U);
}

TEST(LdifReader, JoinsFoldedLinesAndPassesOverComments) {
  const auto entry = read_one(
      "# a comment\n that goes on\ndn: cn=7,\n o=ca\n# another\ndescription: one \n two\n");
  EXPECT_EQ(entry.dn, "cn=7,o=ca");
  EXPECT_EQ(entry.attributes.front().text(), "one two");
  EXPECT_EQ(entry.fault, "");
}

TEST(LdifReader, DecodesBase64AlsoInADn) {
  const auto entry = read_one("dn:: Y249NyxvPcO8\nuserCertificate;binary:: MIIB\n /w==\n");
  EXPECT_EQ(entry.dn, "cn=7,o=\xC3\xBC");
  EXPECT_EQ(entry.attributes.front(),
            (Attribute{"usercertificate", ";binary", {0x30, 0x82, 0x01, 0xFF}, false}));
}

TEST(LdifReader, TakesCrLfAndAFileWithoutLastLineEnd) {
  const auto entries = read("dn: cn=7\r\nrevInfo: a\r\n b\r\n\r\ndn: cn=8\r\ncn: 8");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].attributes.front().text(), "ab");
  EXPECT_EQ(entries[1].attributes.front().text(), "8");
}

TEST(LdifReader, TakesAVersionWithoutEmptyLineAndNoneAtAll) {
  EXPECT_EQ(read_one("version: 1\ndn: cn=7\ncn: 7\n").dn, "cn=7");
  EXPECT_EQ(read_one("dn: cn=7\ncn: 7\n").dn, "cn=7");
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("version: 1\n").empty());
}

TEST(LdifReader, RefusesAnotherVersion) {
  std::istringstream in("version: 2\n\ndn: cn=7\n");
  Reader reader(in);
  const auto entry = reader.next();
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.error().fault, Fault::malformed);
}

TEST(LdifReader, FindsOptionsWholeOnly) {
  const auto entry = read_one("dn: cn=7\nmetaInfo;vucsn-5a;Deleted: x\n");
  const auto& attribute = entry.attributes.front();
  EXPECT_EQ(attribute.name, "metainfo");
  EXPECT_TRUE(attribute.has_option("deleted"));
  EXPECT_TRUE(attribute.has_option("vucsn-5a"));
  EXPECT_FALSE(attribute.has_option("delete"));
  EXPECT_FALSE(attribute.has_option("vucsn"));
  EXPECT_FALSE(attribute.has_option("eleted"));
}

TEST(LdifReader, SaysWhatIsWrongWithAnEntryAndReadsTheNext) {
  const auto entries = read(
      "dn: cn=1\nno colon here\n\ndn: cn=2\nuserCertificate:: M?\n\ndn: cn=3\njpegPhoto:< "
      "file:///x\n\n : x\n\ncn: 5\n\ndn: cn=6\nchangetype: add\n\ndn: cn=7\ncn: 7\n");
  ASSERT_EQ(entries.size(), 7U);
  EXPECT_EQ(entries[0].dn, "cn=1");
  EXPECT_EQ(entries[0].fault, "line 2: no attribute, colon, value");
  EXPECT_THAT(entries[1].fault, testing::StartsWith("line 5: usercertificate: "));
  EXPECT_THAT(entries[2].fault, testing::HasSubstr("URL"));
  EXPECT_THAT(entries[3].fault, testing::StartsWith("line 10: "));
  EXPECT_EQ(entries[4].fault, "line 12: no entry: it has no dn");
  EXPECT_EQ(entries[5].fault, "line 15: a change, not an entry");
  EXPECT_EQ(entries[6].fault, "");
}

TEST(LdifReader, KeepsWithinItsBudgetAndReadsOn) {
  const Limits limits{.value_octets = 30, .entry_octets = 50, .attributes = 3};
  const auto entries = read("dn: cn=1\ncrl:: " + std::string(5000, 'A') +
                                "\ncn: 1\n\ndn: cn=2\na: " + std::string(30, 'a') +
                                "\nb: " + std::string(30, 'b') + "\nc: c\n\n",
                            limits);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_TRUE(entries[0].attributes[0].is_too_long);
  EXPECT_TRUE(entries[0].attributes[0].value.empty());
  EXPECT_EQ(entries[0].attributes[1].text(), "1");
  EXPECT_EQ(entries[0].fault, "");
  EXPECT_EQ(entries[1].passed_over, 2U);
  EXPECT_EQ(read_one("dn: cn=3\na: 1\na: 2\na: 3\na: 4\n", limits).passed_over, 1U);
}

TEST(LdifReader, JoinsALineOverBlocksOfTheStream) {
  const std::string octets(200'000, 'x');
  std::string folded;
  for (std::size_t at = 0; at < octets.size(); at += 77) {
    folded += (at == 0 ? "" : "\r\n ") + octets.substr(at, 77);
  }
  EXPECT_EQ(read_one("dn: cn=1\nx: " + folded + "\r\n").attributes.front().text(), octets);
}

TEST(LdifReader, SaysThatTheStreamFailed) {
  std::istringstream in("dn: cn=1\n");
  in.setstate(std::ios::badbit);
  Reader reader(in);
  const auto entry = reader.next();
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::ldif
