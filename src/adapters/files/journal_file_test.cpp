#include "adapters/files/journal_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "adapters/files/file.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace signet::files {
namespace {

using test::FileSizeLimit;
using test::TemporaryFolder;
using testing::HasSubstr;

audit::Event event(std::string name) {
  return {.name = std::move(name),
          .time = {},
          .outcome = audit::EventOutcome::success,
          .fields = {{"SubjectID", "CN=Alice"}}};
}

Result<void> append(JournalFile& journal, const std::vector<audit::Event>& events) {
  std::vector<const audit::Event*> all;
  for (const auto& one : events) all.push_back(&one);
  return journal.append(all);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

audit::ChainReport verify(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return audit::verify_chain(file);
}

void add_text(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

TEST(JournalFile, StartsEmptyWithModeForOwnerAndGroup) {
  const TemporaryFolder folder;
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_TRUE(journal.ok());
  EXPECT_EQ((*journal)->cut_octets(), 0U);
  const auto others = std::filesystem::perms::others_all | std::filesystem::perms::group_write;
  EXPECT_EQ(std::filesystem::status(folder / "audit").permissions() & others,
            std::filesystem::perms::none);
}

TEST(JournalFile, WritesAChainThatHolds) {
  const TemporaryFolder folder;
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_TRUE(append(**journal, {event("A"), event("B")}).ok());
  ASSERT_TRUE(append(**journal, {event("C")}).ok());
  const auto report = verify(folder / "audit");
  EXPECT_EQ(report.records, 3U);
  EXPECT_FALSE(report.first_break.has_value());
}

TEST(JournalFile, GoesOnWithTheChainWhenOpenedAgain) {
  const TemporaryFolder folder;
  for (int run = 0; run < 3; ++run) {
    const auto journal = JournalFile::open(folder / "audit");
    ASSERT_TRUE(journal.ok());
    ASSERT_TRUE(append(**journal, {event("A"), event("B")}).ok());
  }
  const auto report = verify(folder / "audit");
  EXPECT_EQ(report.records, 6U);
  EXPECT_FALSE(report.first_break.has_value());
}

TEST(JournalFile, FindsTheLastOfVeryLongRecords) {
  const TemporaryFolder folder;
  auto long_event = event("CMC_REQUEST_RECEIVED");
  long_event.fields.push_back({"CMCRequest", std::string(300'000, 'A')});
  for (int run = 0; run < 2; ++run) {
    const auto journal = JournalFile::open(folder / "audit");
    ASSERT_TRUE(journal.ok());
    ASSERT_TRUE(append(**journal, {event("A"), long_event}).ok());
  }
  EXPECT_EQ(verify(folder / "audit").records, 4U);
}

TEST(JournalFile, CutsOffALineThatACrashLeftIncomplete) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(append(**JournalFile::open(folder / "audit"), {event("A"), event("B")}).ok()); }
  const auto whole = contents(folder / "audit");
  add_text(folder / "audit", R"({"sequence":3,"time":"20)");
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_TRUE(journal.ok());
  EXPECT_EQ((*journal)->cut_octets(), 24U);
  EXPECT_EQ(contents(folder / "audit"), whole);
  ASSERT_TRUE(append(**journal, {event("C")}).ok());
  EXPECT_EQ(verify(folder / "audit").records, 3U);
}

TEST(JournalFile, CutsOffAFirstLineThatACrashLeftIncomplete) {
  const TemporaryFolder folder;
  for (const std::string_view begun : {"{", R"({"sequence":1,)", R"({"sequence":1,"time":"2)"}) {
    std::filesystem::remove(folder / "audit");
    add_text(folder / "audit", begun);
    const auto journal = JournalFile::open(folder / "audit");
    ASSERT_TRUE(journal.ok()) << begun;
    EXPECT_EQ((*journal)->cut_octets(), begun.size());
    EXPECT_EQ(contents(folder / "audit"), "");
  }
}

TEST(JournalFile, LeavesAFileAloneThatNeverWasAJournal) {
  const TemporaryFolder folder;
  for (const std::string_view other : {"a note without line end", "a note\n", "\n", "{}\n"}) {
    std::filesystem::remove(folder / "audit");
    add_text(folder / "audit", other);
    const auto journal = JournalFile::open(folder / "audit");
    ASSERT_FALSE(journal.ok()) << other;
    EXPECT_EQ(journal.error().fault, Fault::malformed);
    EXPECT_EQ(contents(folder / "audit"), other);
  }
}

TEST(JournalFile, RefusesALastRecordThatWasChanged) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(append(**JournalFile::open(folder / "audit"), {event("A")}).ok()); }
  auto text = contents(folder / "audit");
  text.replace(text.find("Alice"), 5, "Mally");
  std::ofstream(folder / "audit", std::ios::binary) << text;
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_FALSE(journal.ok());
  EXPECT_EQ(journal.error().fault, Fault::malformed);
  EXPECT_THAT(journal.error().detail, HasSubstr("do not match its hash"));
}

TEST(JournalFile, RefusesASecondServer) {
  const TemporaryFolder folder;
  auto first = JournalFile::open(folder / "audit");
  ASSERT_TRUE(first.ok());
  const auto second = JournalFile::open(folder / "audit");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().fault, Fault::busy);
  EXPECT_THAT(second.error().detail, HasSubstr("in use by another server"));
  first->reset();
  EXPECT_TRUE(JournalFile::open(folder / "audit").ok());
}

TEST(JournalFile, RefusesAFolderThatIsAbsentAndWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(JournalFile::open(folder / "absent/audit").error().fault, Fault::storage_failed);
  EXPECT_EQ(JournalFile::open(folder.path().string()).error().fault, Fault::storage_failed);
  EXPECT_EQ(JournalFile::open("/dev/null").error().fault, Fault::storage_failed);
}

TEST(JournalFile, TakesABatchBackThatTheDiskCannotHoldAndGoesOn) {
  const TemporaryFolder folder;
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_TRUE(append(**journal, {event("A")}).ok());
  const auto whole = contents(folder / "audit");
  {
    const FileSizeLimit full(whole.size() + 100);  // the first record of the batch is cut in two
    const auto written = append(**journal, {event("B"), event("C")});
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().fault, Fault::storage_failed);
  }
  EXPECT_EQ(contents(folder / "audit"), whole);
  ASSERT_TRUE(append(**journal, {event("D")}).ok());
  const auto report = verify(folder / "audit");
  EXPECT_EQ(report.records, 2U);
  EXPECT_FALSE(report.first_break.has_value());
}

TEST(JournalFile, RefusesToWriteAfterSomebodyElseDid) {
  const TemporaryFolder folder;
  const auto journal = JournalFile::open(folder / "audit");
  ASSERT_TRUE(append(**journal, {event("A")}).ok());
  add_text(folder / "audit", "graffiti\n");
  const auto written = append(**journal, {event("B")});
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().detail, HasSubstr("changed by somebody else"));
}

TEST(JournalFile, RefusesToWriteIntoAFileThatWasDeleted) {
  const TemporaryFolder folder;
  const auto journal = JournalFile::open(folder / "audit");
  std::filesystem::remove(folder / "audit");
  EXPECT_EQ(append(**journal, {event("A")}).error().fault, Fault::storage_failed);
}

/// A journal of the records A, B and C, with the marks behind each and before the first.
class MarkedJournal : public ::testing::Test {
 protected:
  MarkedJournal() {
    const auto journal = *JournalFile::open(path);
    marks.push_back(*journal->mark());
    for (const auto* name : {"A", "B", "C"}) {
      EXPECT_TRUE(append(*journal, {event(name)}).ok());
      marks.push_back(*journal->mark());
    }
  }
  struct Found {
    JournalVerdict verdict;
    std::vector<std::uint64_t> behind;  ///< sequence numbers
  };
  [[nodiscard]] Found after(const audit::JournalMark& mark) const {
    std::vector<std::uint64_t> behind;
    const auto verdict = (*JournalFile::open(path))->after(mark, [&](const audit::Record& record) {
      behind.push_back(record.sequence);
    });
    return {*verdict, std::move(behind)};
  }
  void keep_lines(std::size_t count) {
    std::istringstream all(contents(path));
    std::string kept;
    std::string line;
    for (std::size_t at = 0; at < count && std::getline(all, line); ++at) kept += line + "\n";
    std::ofstream(path, std::ios::binary) << kept;
  }

  using Verdict = JournalVerdict;
  TemporaryFolder folder;
  std::string path = folder / "audit.jsonl";
  std::vector<audit::JournalMark> marks;
};

TEST_F(MarkedJournal, TellsWhatFollowsAMark) {
  EXPECT_EQ(marks.back().journal, "audit.jsonl") << "wherever the folder is";
  for (std::size_t at = 0; at < marks.size(); ++at) {
    EXPECT_EQ(marks[at].sequence, at);
    const auto tail = after(marks[at]);
    EXPECT_EQ(tail.verdict, Verdict::holds) << at;
    ASSERT_EQ(tail.behind.size(), 3 - at);
    if (at < 3) {
      EXPECT_EQ(tail.behind.front(), at + 1);
    }
  }
}

TEST_F(MarkedJournal, LacksWhatIsCutOffBetweenLines) {
  keep_lines(2);
  EXPECT_EQ(after(marks[3]).verdict, Verdict::lost);
  EXPECT_EQ(after(marks[2]).verdict, Verdict::holds);
  keep_lines(0);
  EXPECT_EQ(after(marks[1]).verdict, Verdict::lost) << "deleted, and begun anew";
  EXPECT_EQ(after(marks[0]).verdict, Verdict::holds);
}

TEST_F(MarkedJournal, IsAnotherOneWhereAnotherRecordStandsInThePlace) {
  std::filesystem::remove(path);
  {
    const auto other = *JournalFile::open(path);
    ASSERT_TRUE(append(*other, {event("X"), event("Y"), event("Z"), event("!")}).ok());
  }
  for (std::size_t at = 1; at < marks.size(); ++at) {
    EXPECT_EQ(after(marks[at]).verdict, Verdict::replaced) << at;
  }
}

TEST_F(MarkedJournal, IsAnotherOneWhereWhatFollowsDoesNotHold) {
  auto text = contents(path);
  text.replace(text.find("\"B\""), 3, "\"X\"");
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(after(marks[1]).verdict, Verdict::replaced);
  EXPECT_EQ(after(marks[3]).verdict, Verdict::holds)
      << "what was before is the auditor's to verify";
}

TEST_F(MarkedJournal, IsLookedThroughPieceByPiece) {
  {
    const auto journal = *JournalFile::open(path);
    auto large = event("L");
    // Longer than a piece; and one that has the beginning of a record in it, but for its line feed.
    large.fields.push_back({"Message", std::string(3'000'000, 'x') + "\n{\"sequence\":2,"});
    ASSERT_TRUE(append(*journal, {large, large, event("D")}).ok());
  }
  for (std::size_t at = 0; at < marks.size(); ++at) {
    const auto tail = after(marks[at]);
    EXPECT_EQ(tail.verdict, Verdict::holds) << at;
    EXPECT_EQ(tail.behind.size(), 6 - at);
  }
}

TEST_F(MarkedJournal, IsFoundWhereverThePiecesEnd) {
  constexpr std::size_t kPiece = 1024UL * 1024;
  const auto three = contents(path);
  const auto third = three.rfind('\n', three.size() - 2) + 1;
  const auto fill = [&](std::size_t octets) {
    std::ofstream(path, std::ios::binary) << three;
    auto filling = event("F");
    filling.fields.push_back({"Message", std::string(octets, 'x')});
    EXPECT_TRUE(append(**JournalFile::open(path), {filling}).ok());
    return contents(path).size();
  };
  const auto least = fill(0);
  for (std::size_t begin = third - 16; begin < third + 16; ++begin) {
    ASSERT_EQ(fill(begin + kPiece - least), begin + kPiece) << "the last piece begins there";
    EXPECT_EQ(after(marks[3]).verdict, Verdict::holds) << begin - third;
    EXPECT_EQ(after(marks[2]).behind.size(), 2U);
  }
}

TEST_F(MarkedJournal, IsAnotherOneWhereItsEndWasChainedAnewBehindAnyNumberOfRecords) {
  std::filesystem::remove(path);
  auto filling = event("F");
  filling.fields.push_back({"Message", std::string(900'000, 'x')});
  ASSERT_TRUE(append(**JournalFile::open(path), {event("A"), event("C")}).ok());
  ASSERT_TRUE(append(**JournalFile::open(path), std::vector(80, filling)).ok());
  EXPECT_EQ(after(marks[1]).verdict, Verdict::holds);
  EXPECT_EQ(after(marks[2]).verdict, Verdict::replaced);
  EXPECT_EQ(after(marks[3]).verdict, Verdict::replaced);
}

TEST_F(MarkedJournal, IsAnotherOneWhereTheRecordIsNowhere) {
  std::istringstream all(contents(path));
  std::string first;
  std::getline(all, first);
  const std::string rest(std::istreambuf_iterator<char>(all), {});
  std::ofstream(path, std::ios::binary) << rest;
  EXPECT_EQ(after(marks[1]).verdict, Verdict::replaced);
  EXPECT_EQ(after(marks[2]).verdict, Verdict::holds) << "what was before is the auditor's to see";
}

// ------------------------------------------------------------ links, and looking from outside

TEST(JournalFile, FollowsALinkUnlessItIsToldNotTo) {
  const TemporaryFolder folder;
  const auto link = folder / "audit";
  std::filesystem::create_symlink(folder / "elsewhere", link);
  const auto refused = JournalFile::open(link, JournalFile::Links::refused);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::storage_failed);
  EXPECT_THAT(refused.error().detail, HasSubstr("is a link"));
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
  EXPECT_TRUE(JournalFile::open(link).ok());
  EXPECT_TRUE(std::filesystem::exists(folder / "elsewhere"));
  EXPECT_TRUE(JournalFile::open(folder / "other", JournalFile::Links::refused).ok());
}

TEST(JournalFile, TellsItsHeadToWhoOnlyLooks) {
  const TemporaryFolder folder;
  const auto path = folder / "audit";
  EXPECT_EQ(*JournalFile::head_of(path), audit::ChainHead{});
  EXPECT_FALSE(std::filesystem::exists(path)) << "nothing is made";
  const auto journal = *JournalFile::open(path);
  ASSERT_TRUE(append(*journal, {event("A"), event("B")}).ok());
  add_text(path, R"({"sequence":3,"ti)");  // it is being written
  const auto head = *JournalFile::head_of(path);
  EXPECT_EQ(head.sequence, 2U);
  EXPECT_EQ(head.hash, journal->mark()->hash);
  add_text(path, "\n");
  EXPECT_EQ(JournalFile::head_of(path).error().fault, Fault::malformed);
  std::filesystem::create_symlink(path, folder / "link");
  EXPECT_EQ(JournalFile::head_of(folder / "link").error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::files
