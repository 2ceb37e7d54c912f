#pragma once

#include <atomic>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// Does `work(0)` to `work(count - 1)`, each on a thread of its own, all at once.
inline void crowd(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::latch ready(static_cast<std::ptrdiff_t>(count));
  std::vector<std::thread> threads;
  for (std::size_t number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      ready.arrive_and_wait();
      work(number);
    });
  }
  for (auto& thread : threads) thread.join();
}

/// An authority on SQLite with a journal file, as signetd serves it, without the socket.
class RealAuthority {
 public:
  explicit RealAuthority(TestAuthority::Choices choices = {})
      : authority_([&] {
          choices.engine = engine_.get();
          choices.journal = journal_.get();
          return choices;
        }()) {}

  TestAuthority* operator->() { return &authority_; }
  TestAuthority& operator*() { return authority_; }
  [[nodiscard]] sqlite::SqliteEngine& engine() { return *engine_; }

  Told send(ByteView octets, const Holder& over, const std::string& profile = "") {
    authority::Inquiry inquiry;
    inquiry.octets = to_bytes(octets);
    inquiry.profile_id = profile;
    inquiry.peer = {over.certificate.der, "192.0.2.1"};
    return authority_.deliver(std::move(inquiry));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<sqlite::SqliteEngine> engine_ =
      unwrap(sqlite::SqliteEngine::open(folder_ / "store"));
  std::unique_ptr<files::JournalFile> journal_ =
      unwrap(files::JournalFile::open(folder_ / "audit"));
  TestAuthority authority_;
};

}  // namespace signet::test
