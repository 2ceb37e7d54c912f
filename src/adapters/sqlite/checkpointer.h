#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "adapters/sqlite/connection.h"

namespace signet::sqlite {

/// Carries SQLite's log over into its file beside the writer, on a connection and a thread of its
/// own, so that no batch waits while thousands of pages are written and synced. What was committed
/// meanwhile is left: a few pages, which the writer carries itself, and the log begins anew.
class Checkpointer {
 public:
  /// Faults: storage_failed.
  static Result<std::unique_ptr<Checkpointer>> start(const std::string& path);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// The writer committed; its log now has so many pages. True: it is to carry the rest now.
  bool rest_is_writers(int pages);

 private:
  enum class State { idle, asked, carried, ended };

  explicit Checkpointer(Connection connection);
  void begin_anew();
  void carry_until_ended();

  Connection connection_;  ///< the thread's alone
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::idle;
  int pages_ = 0;  ///< at the last commit
  int pages_when_asked_ = 0;
  int ask_at_;
  std::thread thread_;
};

}  // namespace signet::sqlite
