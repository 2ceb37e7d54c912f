#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/patience.h"

namespace signet::postgres {

/// Reading connections at rest. As many are opened as threads ever read at the same time.
class ReaderPool {
 public:
  ReaderPool(std::string uri, Patience patience) : uri_(std::move(uri)), patience_(patience) {}

  /// What one statement answers.
  Result<Rows> ask(const Statement& statement, Parameters parameters = {});
  /// What `question` does with a connection that nobody else has meanwhile. It is asked again while
  /// its connection is lost or another transaction is in the way, so it must bear that.
  Result<void> ask(const std::function<Result<void>(Connection&)>& question);

 private:
  Result<std::unique_ptr<Connection>> take();
  void give_back(std::unique_ptr<Connection> connection);
  void forget_all();
  Result<bool> attempt(const std::function<Result<void>(Connection&)>& question, Error& why);

  const std::string uri_;
  const Patience patience_;
  std::atomic<bool> gave_up_ = false;  ///< the database is away: questions fail at once
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> at_rest_;
};

}  // namespace signet::postgres
