#include "audit/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::audit {
namespace {

using testing::HasSubstr;

const PreciseTime kTime{std::chrono::milliseconds{1'795'445'180'123}};  // 2026-11-23T14:46:20.123Z

Event event(std::string name) {
  return {.name = std::move(name),
          .time = kTime,
          .outcome = EventOutcome::success,
          .fields = {{"SubjectID", "CN=\"Alice\""}, {"CMCRequest", "MIIB"}}};
}

/// `count` records, one a line; every line ends with a line feed.
std::vector<std::string> lines(int count) {
  ChainHead head;
  std::vector<std::string> made;
  for (int number = 1; number <= count; ++number) {
    made.push_back(write_record(event("EVENT_" + std::to_string(number)), head) + "\n");
  }
  return made;
}

ChainReport verify(const std::vector<std::string>& journal) {
  std::string text;
  for (const auto& line : journal) text += line;
  std::istringstream stream(text);
  return verify_chain(stream);
}

void replace(std::string& in, std::string_view from, std::string_view to) {
  const auto at = in.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  in.replace(at, from.size(), to);
}

/// The line with another text in place of `from`, and a hash that fits again.
std::string forged(std::string line, std::string_view from, std::string_view to) {
  replace(line, from, to);
  line.resize(line.rfind(R"(,"hash":)"));
  const auto hash = crypto::sha256(as_bytes(line));
  return line + R"(,"hash":")" + to_hex(hash) + "\"}\n";
}

TEST(WriteRecord, WritesOneLineOfJsonWithItsMembersInOrder) {
  ChainHead head;
  const auto line = write_record(event("CMC_REQUEST_RECEIVED"), head);
  const std::string body =
      R"({"sequence":1,"time":"2026-11-23T14:46:20.123Z","event":"CMC_REQUEST_RECEIVED",)"
      R"("outcome":"success","fields":{"SubjectID":"CN=\"Alice\"","CMCRequest":"MIIB"},)"
      R"("previous":")" +
      std::string(64, '0') + "\"";
  const auto hash = crypto::sha256(as_bytes(body));
  EXPECT_EQ(line, body + R"(,"hash":")" + to_hex(hash) + "\"}");
  EXPECT_EQ(head, (ChainHead{.sequence = 1, .hash = hash}));
}

TEST(WriteRecord, BindsARecordToTheOneBeforeIt) {
  ChainHead head;
  write_record(event("FIRST"), head);
  const auto first = head;
  const auto second = read_record(write_record(event("SECOND"), head));
  EXPECT_EQ(second->previous, first.hash);
  EXPECT_EQ(second->sequence, 2U);
}

TEST(ReadRecord, ReadsBackWhatWasWritten) {
  Event written = event("CERT_STATUS_CHANGE_REQUEST_PROCESSED");
  written.outcome = EventOutcome::failure;
  written.fields = {{"", ""}, {"a", "line\nfeed \x01 \x7f"}, {"a", "Zoë"}, {"\"", "\\"}};
  ChainHead head{.sequence = 41, .hash = Bytes(32, 0xAB)};
  const auto record = read_record(write_record(written, head));
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->sequence, 42U);
  EXPECT_EQ(record->event, written);
  EXPECT_EQ(record->previous, Bytes(32, 0xAB));
  EXPECT_EQ(record->hash, head.hash);
}

TEST(ReadRecord, ReadsARecordWithoutFields) {
  ChainHead head;
  auto bare = event("AUDIT_LOG_STARTUP");
  bare.fields.clear();
  EXPECT_EQ(read_record(write_record(bare, head))->event, bare);
}

TEST(ReadRecord, RefusesAnyOtherForm) {
  const auto line = lines(1).front();
  const std::vector<std::pair<std::string, std::string>> changes{
      {R"("sequence":1)", R"("sequence":01)"},
      {R"("sequence":1,)", R"("sequence":1, )"},
      {R"("sequence":1,)", ""},
      {R"(,"event")", R"(,"extra":"","event")"},
      {R"("time":)", R"("when":)"},
      {"14:46:20.123Z", "14:46:20Z"},
      {"14:46:20.123Z", "14:46:60.123Z"},
      {"2026-11-23", "2026-11-31"},
      {"2026-11-23", "2026-1-23"},
      {R"("success")", R"("maybe")"},
      {R"("success")", "true"},
      {R"("fields":{)", R"("fields":{,)"},
      {R"("CMCRequest":"MIIB")", R"("CMCRequest":7)"},
      {R"("MIIB"})", R"("MIIB",})"},
      {std::string(64, '0'), std::string(63, '0')},
      {std::string(64, '0'), std::string(64, 'G')},
      {std::string(64, '0'), std::string(62, '0') + "AA"},
  };
  for (const auto& [from, to] : changes) {
    auto changed = forged(line, from, to);
    changed.pop_back();
    const auto record = read_record(changed);
    ASSERT_FALSE(record.ok()) << from << " -> " << to;
    EXPECT_EQ(record.error().fault, Fault::malformed);
  }
}

TEST(ReadRecord, RefusesEveryPrefixAndWhatFollowsTheEnd) {
  auto line = lines(1).front();
  EXPECT_FALSE(read_record(line).ok());  // with its line feed
  line.pop_back();
  ASSERT_TRUE(read_record(line).ok());
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(read_record(std::string_view(line).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(read_record(line + " ").ok());
}

TEST(ReadRecord, RefusesEveryChangedOctet) {
  auto line = lines(1).front();
  line.pop_back();
  for (std::size_t at = 0; at < line.size(); ++at) {
    auto changed = line;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(read_record(changed).ok()) << at;
  }
}

TEST(VerifyChain, HoldsForAnEmptyJournal) {
  const auto report = verify({});
  EXPECT_EQ(report.records, 0U);
  EXPECT_EQ(report.head, ChainHead{});
  EXPECT_FALSE(report.first_break.has_value());
}

TEST(VerifyChain, HoldsForAnUntouchedJournal) {
  ChainHead head;
  for (int number = 1; number <= 5; ++number) {
    write_record(event("EVENT_" + std::to_string(number)), head);
  }
  const auto report = verify(lines(5));
  EXPECT_EQ(report.records, 5U);
  EXPECT_EQ(report.head, head);
  EXPECT_FALSE(report.first_break.has_value());
}

TEST(VerifyChain, NamesTheLineWhoseContentsChanged) {
  auto journal = lines(5);
  replace(journal[2], "EVENT_3", "EVENT_X");
  const auto report = verify(journal);
  ASSERT_TRUE(report.first_break.has_value());
  EXPECT_EQ(report.first_break->line, 3U);
  EXPECT_THAT(report.first_break->reason, HasSubstr("do not match its hash"));
  EXPECT_EQ(report.records, 2U);
  EXPECT_EQ(report.head.sequence, 2U);
}

TEST(VerifyChain, NamesTheLineAfterARecordThatWasForgedWithItsHash) {
  auto journal = lines(5);
  journal[2] = forged(journal[2], "EVENT_3", "EVENT_X");
  const auto report = verify(journal);
  ASSERT_TRUE(report.first_break.has_value());
  EXPECT_EQ(report.first_break->line, 4U);
  EXPECT_THAT(report.first_break->reason, HasSubstr("not bound to the record before it"));
}

TEST(VerifyChain, NamesTheLineBeforeWhichARecordIsMissing) {
  auto journal = lines(5);
  journal.erase(journal.begin() + 2);
  const auto report = verify(journal);
  ASSERT_TRUE(report.first_break.has_value());
  EXPECT_EQ(report.first_break->line, 3U);
  EXPECT_EQ(report.first_break->reason,
            "record 4 stands after record 2: what was between them is missing");
}

TEST(VerifyChain, NamesTheFirstLineWhenTheBeginningIsMissing) {
  auto journal = lines(3);
  journal.erase(journal.begin());
  EXPECT_EQ(verify(journal).first_break->line, 1U);
}

TEST(VerifyChain, NamesTheFirstLineOutOfOrder) {
  auto journal = lines(5);
  std::swap(journal[1], journal[2]);
  EXPECT_EQ(verify(journal).first_break->line, 2U);
}

TEST(VerifyChain, NamesTheLineThatRepeatsARecord) {
  auto journal = lines(3);
  journal.insert(journal.begin() + 2, journal[1]);
  const auto report = verify(journal);
  ASSERT_TRUE(report.first_break.has_value());
  EXPECT_EQ(report.first_break->line, 3U);
  EXPECT_THAT(report.first_break->reason, HasSubstr("repeated or out of order"));
}

TEST(VerifyChain, NamesALineThatIsNoRecord) {
  auto journal = lines(3);
  journal[1] = "not a record\n";
  EXPECT_EQ(verify(journal).first_break->line, 2U);
  journal[1] = "\n";
  EXPECT_EQ(verify(journal).first_break->line, 2U);
}

TEST(VerifyChain, NamesALastLineThatWasCutShort) {
  auto journal = lines(3);
  for (const std::size_t left : {journal[2].size() - 1, journal[2].size() / 2, std::size_t{1}}) {
    journal[2].resize(left);
    const auto report = verify(journal);
    ASSERT_TRUE(report.first_break.has_value()) << left;
    EXPECT_EQ(report.first_break->line, 3U);
    EXPECT_THAT(report.first_break->reason, HasSubstr("cut short"));
  }
}

}  // namespace
}  // namespace signet::audit
