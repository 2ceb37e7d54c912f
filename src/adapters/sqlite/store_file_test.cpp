#include "adapters/sqlite/store_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "adapters/sqlite/sqlite_engine.h"
#include "support/status_contract.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::sqlite {
namespace {

using test::unwrap;

/// A store with CRLs 1 and 2 of shard 0.
class StoreFile : public ::testing::Test {
 protected:
  StoreFile() {
    engine = unwrap(SqliteEngine::open(path));
    add(1);
    add(2);
  }
  void add(std::uint64_t number) { ASSERT_TRUE(outcome_of(number).durable()); }
  store::CommitOutcome outcome_of(std::uint64_t number) {
    const auto commit = test::crl_commit(number);
    const store::Commit* batch[] = {&commit};
    return engine->apply(batch, journal).front();
  }
  [[nodiscard]] static std::uint64_t latest(const std::string& store) {
    return unwrap(unwrap(SqliteEngine::open(store))->find_crl({})).value().number;
  }

  test::TemporaryFolder folder;
  std::string path = folder / "store.db";
  audit::MemoryJournal journal;
  std::unique_ptr<SqliteEngine> engine;
};

TEST_F(StoreFile, IsItsOwnersAloneWhateverTheUmask) {
  const auto made = folder / "made.db";
  const auto before = ::umask(0);
  auto open_to_all = unwrap(SqliteEngine::open(made));
  ::umask(before);
  const auto commit = test::crl_commit(1);
  const store::Commit* batch[] = {&commit};
  ASSERT_TRUE(open_to_all->apply(batch, journal).front().durable());
  for (const auto* end : {"", "-wal", "-shm"}) {
    struct stat about {};
    ASSERT_EQ(::stat((made + end).c_str(), &about), 0) << end;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << end;
  }
}

TEST_F(StoreFile, IsItsOwnersAloneWhereALinkLeadsToIt) {
  std::filesystem::create_symlink("elsewhere.db", folder / "link.db");
  const auto before = ::umask(0);
  const auto open_to_all = unwrap(SqliteEngine::open(folder / "link.db"));
  ::umask(before);
  struct stat about {};
  ASSERT_EQ(::stat((folder / "elsewhere.db").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(StoreFile, ThatIsThereKeepsItsMode) {
  engine.reset();
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  engine = unwrap(SqliteEngine::open(path));
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0640U);
}

TEST_F(StoreFile, IsCopiedAsItStandsWhileItIsOpen) {
  const auto copy = folder / "it's a copy.db";
  ASSERT_TRUE(copy_store(path, copy).ok());
  add(3);
  EXPECT_EQ(latest(copy), 2U);
  EXPECT_EQ(latest(path), 3U);
  EXPECT_TRUE(check_store(copy).ok());
}

TEST_F(StoreFile, IsNotCopiedOverAnother) {
  ASSERT_TRUE(copy_store(path, folder / "copy.db").ok());
  EXPECT_EQ(copy_store(path, folder / "copy.db").error().fault, Fault::storage_failed);
  EXPECT_EQ(copy_store(folder / "none.db", folder / "other.db").error().fault,
            Fault::storage_failed);
}

TEST_F(StoreFile, ThatIsDamagedIsFound) {
  const auto copy = folder / "copy.db";
  ASSERT_TRUE(copy_store(path, copy).ok());
  {
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(8192, '\x5A');
  }
  EXPECT_EQ(check_store(copy).error().fault, Fault::storage_failed);
}

TEST_F(StoreFile, GoesOnAfterTheCrlNumbersThatItForgot) {
  engine.reset();
  ASSERT_TRUE(continue_crl_numbers_after(path, 100).ok());
  EXPECT_EQ(unwrap(highest_crl_number(path)), 100U);
  engine = unwrap(SqliteEngine::open(path));
  EXPECT_EQ(outcome_of(3).conflict, store::Conflict::crl_number_taken);
  EXPECT_TRUE(outcome_of(101).durable());
}

TEST_F(StoreFile, HasAFullCrlDueAtOnceThen) {
  engine.reset();
  ASSERT_TRUE(continue_crl_numbers_after(path, 100).ok());
  engine = unwrap(SqliteEngine::open(path));
  const auto crl = unwrap(engine->find_crl({})).value();
  EXPECT_EQ(crl.next_update, crl.this_update);
}

TEST_F(StoreFile, NeverGoesBackToLowerNumbers) {
  engine.reset();
  ASSERT_TRUE(continue_crl_numbers_after(path, 1).ok());
  EXPECT_EQ(unwrap(highest_crl_number(path)), 2U);
}

}  // namespace
}  // namespace signet::sqlite
