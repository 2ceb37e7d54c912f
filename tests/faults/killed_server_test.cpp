// A server killed in the middle of its writing: what it had answered for is there afterwards, and
// the audit chain holds.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "store/committer.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"

namespace signet::test {
namespace {

/// Commits without end on many threads and tells each number on `pipe` once it is durable.
/// Never returns.
[[noreturn]] void serve(const TemporaryFolder& folder, int pipe) {
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  const auto journal = files::JournalFile::open(folder / "audit");
  store::Committer committer(**engine, **journal, 8);
  std::atomic<std::uint16_t> next = 1;
  const auto commit_without_end = [&] {
    while (true) {
      const std::uint16_t number = next++;
      if (!committer.commit(grant(number)).durable()) ::_exit(1);
      if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(2);
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 1; thread < 12; ++thread) threads.emplace_back(commit_without_end);
  commit_without_end();
  ::_exit(3);
}

/// Starts a server and kills it once it has answered for `count` commits; gives all it answered.
std::vector<std::uint16_t> answered_before_death(const TemporaryFolder& folder, std::size_t count) {
  int ends[2];
  CHECK(::pipe(ends) == 0);
  const pid_t server = ::fork();
  CHECK(server >= 0);
  if (server == 0) {
    ::close(ends[0]);
    serve(folder, ends[1]);
  }
  ::close(ends[1]);
  std::vector<std::uint16_t> answered;
  std::uint16_t number = 0;
  while (::read(ends[0], &number, sizeof number) == sizeof number) {
    answered.push_back(number);
    if (answered.size() == count) ::kill(server, SIGKILL);
  }
  ::close(ends[0]);
  ::waitpid(server, nullptr, 0);
  return answered;
}

TEST(KilledServer, HasKeptAllThatItAnsweredForAndAWholeAuditChain) {
  for (const std::size_t count : {1U, 20U, 150U}) {
    const TemporaryFolder folder;
    const auto answered = answered_before_death(folder, count);
    ASSERT_GE(answered.size(), count);

    const auto engine = sqlite::SqliteEngine::open(folder / "store");
    ASSERT_TRUE(engine.ok());
    for (const auto number : answered) {
      EXPECT_EQ(*(*engine)->find_certificate(serial(number)), certificate(number));
    }
    ASSERT_TRUE(files::JournalFile::open(folder / "audit").ok());
    std::ifstream journal(folder / "audit", std::ios::binary);
    const auto report = audit::verify_chain(journal);
    EXPECT_FALSE(report.first_break.has_value());
    EXPECT_GE(report.records, answered.size());
  }
}

}  // namespace
}  // namespace signet::test
