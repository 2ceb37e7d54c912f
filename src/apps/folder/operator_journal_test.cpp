#include "apps/folder/operator_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/files/journal_file.h"
#include "audit/chain.h"
#include "support/fakes.h"
#include "support/temporary_folder.h"

namespace signet::tool {
namespace {

class OperatorJournal : public testing::Test {
 protected:
  [[nodiscard]] Result<void> record(const std::string& name) const {
    return record_by_operator(folder.path().string(), name, {{"Identification", "alice"}}, clock);
  }
  [[nodiscard]] std::vector<audit::Record> records() const {
    std::ifstream file(folder / "operator.jsonl");
    std::vector<audit::Record> all;
    for (std::string line; std::getline(file, line);) {
      auto read = audit::read_record(line);
      if (read.ok()) all.push_back(std::move(read).value());
    }
    return all;
  }
  [[nodiscard]] audit::ChainReport report() const {
    std::ifstream file(folder / "operator.jsonl");
    return audit::verify_chain(file);
  }
  test::TemporaryFolder folder;
  SystemClock clock;
};

TEST_F(OperatorJournal, MadeByRootIsOfWhomTheFolderIs) {
  if (::getuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t kOther = 65534;
  ASSERT_EQ(::chown(folder.path().c_str(), kOther, kOther), 0);
  ASSERT_TRUE(record("SHARED_SECRET_CREATED").ok());
  struct stat about {};
  ASSERT_EQ(::stat((folder / "operator.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_uid, kOther);
  ASSERT_EQ(::chown((folder / "operator.jsonl").c_str(), 0, 0), 0);
  ASSERT_TRUE(record("SHARED_SECRET_REVOKED").ok());
  ASSERT_EQ(::stat((folder / "operator.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_uid, 0U) << "one that there is stays whose it is";
}

TEST_F(OperatorJournal, GivesAwayNoFileThatItDidNotMake) {
  if (::getuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t kOther = 65534;
  ASSERT_EQ(::chown(folder.path().c_str(), kOther, kOther), 0);
  const test::TemporaryFolder elsewhere;
  const auto owner_after = [&](const char* name, bool is_link) {
    const std::string target = elsewhere / name;
    const std::string journal = folder / "operator.jsonl";
    std::ofstream(target).close();
    if (is_link) {
      EXPECT_EQ(::symlink(target.c_str(), journal.c_str()), 0);
    } else {
      EXPECT_EQ(::link(target.c_str(), journal.c_str()), 0);
    }
    static_cast<void>(record("SHARED_SECRET_CREATED"));
    struct stat about {};
    EXPECT_EQ(::stat(target.c_str(), &about), 0) << name;
    std::filesystem::remove(journal);
    return about.st_uid;
  };
  EXPECT_EQ(owner_after("of a link", true), 0U);
  EXPECT_EQ(owner_after("of another name", false), 0U);
}

TEST_F(OperatorJournal, WritesNothingThroughALink) {
  const test::TemporaryFolder elsewhere;
  for (const bool is_there : {false, true}) {
    const std::string target = elsewhere / "nologin";
    if (is_there) std::ofstream(target).close();
    std::filesystem::create_symlink(target, folder / "operator.jsonl");
    const auto refused = record("SHARED_SECRET_CREATED");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::storage_failed);
    EXPECT_EQ(std::filesystem::exists(target), is_there);
    EXPECT_TRUE(!is_there || std::filesystem::is_empty(target));
    std::filesystem::remove(folder / "operator.jsonl");
  }
  EXPECT_TRUE(record("SHARED_SECRET_CREATED").ok());
}

TEST_F(OperatorJournal, HoldsDeedsInAChainWithTheAccountThatDidThem) {
  ASSERT_TRUE(record("SHARED_SECRET_CREATED").ok());
  ASSERT_TRUE(record("SHARED_SECRET_REVOKED").ok());
  EXPECT_FALSE(report().first_break);
  const auto all = records();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].event.name, "SHARED_SECRET_CREATED");
  EXPECT_EQ(all[1].event.name, "SHARED_SECRET_REVOKED");
  const auto& fields = all[0].event.fields;
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0], (audit::Field{"Identification", "alice"}));
  EXPECT_EQ(fields[1].name, "Operator");
  EXPECT_TRUE(fields[1].value.ends_with("(" + std::to_string(::getuid()) + ")"));
}

TEST_F(OperatorJournal, TellsWhatWasNotDoneAfterAll) {
  const auto directory = folder.path().string();
  const OperatorDeed deed{directory, "AUTHORITY_BACKUP", {{"File", "saved"}}};
  ASSERT_TRUE(record_by_operator(deed.directory, deed.event, deed.fields, clock).ok());
  const Error why{Fault::storage_failed, "no room"};
  EXPECT_EQ(undone(deed, why, clock), why);
  const auto all = records();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].event.outcome, audit::EventOutcome::success);
  EXPECT_EQ(all[1].event.outcome, audit::EventOutcome::failure);
  EXPECT_EQ(all[1].event.fields[0], (audit::Field{"File", "saved"}));
  EXPECT_EQ(all[1].event.fields[1], (audit::Field{"Info", "not done: no room"}));
}

TEST_F(OperatorJournal, SaysWhereThatCouldNotBeTold) {
  const auto absent = folder / "absent";
  const auto told = undone({absent, "AUTHORITY_BACKUP", {}}, {Fault::busy, "held"}, clock);
  EXPECT_EQ(told.fault, Fault::busy);
  EXPECT_TRUE(told.detail.starts_with("held; the operator's journal tells it as done"))
      << told.detail;
}

TEST_F(OperatorJournal, WaitsForAnotherToolToFinish) {
  auto held = files::JournalFile::open(folder / "operator.jsonl");
  ASSERT_TRUE(held.ok());
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    held->reset();
  });
  EXPECT_TRUE(record("SHARED_SECRET_CREATED").ok());
  other.join();
  EXPECT_EQ(records().size(), 1U);
}

TEST_F(OperatorJournal, RefusesWhereNothingCanBeWritten) {
  const auto refused = record_by_operator(folder / "absent", "SHARED_SECRET_CREATED", {}, clock);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::tool
