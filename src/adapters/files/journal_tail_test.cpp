#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "adapters/files/journal_file.h"
#include "support/temporary_folder.h"

namespace signet::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLine = 64UL * 1024 * 1024;

/// The end of a journal, where opening begins to read.
class JournalTail : public ::testing::Test {
 protected:
  static std::string records(const std::vector<std::size_t>& fillings, audit::ChainHead& head) {
    std::string all;
    for (const auto octets : fillings) {
      const audit::Event event{.name = "F",
                               .time = {},
                               .outcome = audit::EventOutcome::success,
                               .fields = {{"Message", std::string(octets, 'x')}}};
      const audit::Event* const events[] = {&event};
      all += audit::write_records(events, head);
    }
    return all;
  }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }
  void expect_refused_by_both() {
    const auto octets = fs::file_size(path);
    for (const auto& fault :
         {JournalFile::open(path).error(), JournalFile::head_of(path).error()}) {
      EXPECT_EQ(fault.fault, Fault::malformed);
      EXPECT_THAT(fault.detail, ::testing::HasSubstr("has a line of more than 67108864 octets"));
    }
    EXPECT_EQ(fs::file_size(path), octets) << "nothing is cut";
  }

  test::TemporaryFolder folder;
  const std::string path = folder / "audit.jsonl";
};

TEST_F(JournalTail, IsFoundWhereverThePiecesEnd) {
  constexpr std::size_t kPiece = 64UL * 1024;
  audit::ChainHead none;
  const auto least = records({0}, none).size();
  for (const auto incomplete : {std::size_t{0}, std::size_t{1}, kPiece - 1, kPiece, kPiece + 1}) {
    for (const std::size_t begin : {kPiece - 2, kPiece - 1, kPiece, kPiece + 1, 2 * kPiece}) {
      if (begin < incomplete + least + 1) continue;
      audit::ChainHead head;
      auto text = records({10, begin - least - incomplete}, head);
      text.append(incomplete, 'x');
      write(text);
      const auto found = *JournalFile::head_of(path);
      EXPECT_EQ(found.sequence, 2U);
      EXPECT_EQ(found.hash, head.hash) << begin << " " << incomplete;
    }
  }
}

TEST_F(JournalTail, IsNoLineThatIsLongerThanAnyRecord) {
  write("");
  fs::resize_file(path, kLongestLine + 2 * 1024 * 1024);
  expect_refused_by_both();
  audit::ChainHead head;
  write(records({10}, head));
  fs::resize_file(path, kLongestLine + 2 * 1024 * 1024);
  expect_refused_by_both();
  std::ofstream(path, std::ios::binary | std::ios::app) << "\n";
  expect_refused_by_both();
}

TEST_F(JournalTail, IsNoRecordThatWouldNotBeReadAgain) {
  const auto journal = *JournalFile::open(path);
  audit::Event event{.name = "F",
                     .time = {},
                     .outcome = audit::EventOutcome::success,
                     .fields = {{"Message", std::string(kLongestLine, 'x')}}};
  EXPECT_EQ(journal->append({&event}).error().fault, Fault::storage_failed);
  EXPECT_EQ(fs::file_size(path), 0U);
  event.fields.clear();
  EXPECT_TRUE(journal->append({&event}).ok());
}

TEST_F(JournalTail, IsAnotherOnesBehindALineThatIsLongerThanAnyRecord) {
  audit::ChainHead head;
  auto text = records({0}, head);
  const audit::JournalMark mark{"audit.jsonl", head.sequence, head.hash};
  text += records({kLongestLine + 2 * 1024 * 1024, 0}, head);
  write(text);
  const auto verdict = (*JournalFile::open(path))->after(mark, [](const audit::Record&) {});
  EXPECT_EQ(*verdict, JournalVerdict::replaced);
}

}  // namespace
}  // namespace signet::files
