#include "adapters/postgres/reader.h"

namespace signet::postgres {

Result<Rows> ReaderPool::ask(const Statement& statement, Parameters parameters) {
  Pipeline pipeline;
  pipeline.add(statement, std::move(parameters));
  std::optional<Rows> rows;
  const auto question = [&](Connection& connection) -> Result<void> {
    rows = std::move(TRY(connection.run(pipeline)).front());
    return {};
  };
  TRY(ask(question));
  return *std::move(rows);
}

Result<void> ReaderPool::ask(const std::function<Result<void>(Connection&)>& question) {
  Waiting waiting(gave_up_ ? Patience{.most = {}, .pause = patience_.pause} : patience_);
  Error why;
  for (;;) {
    if (TRY(attempt(question, why))) return {};
    if (waiting.once_more()) continue;
    gave_up_ = true;
    return why;
  }
}

/// False, with the reason, where another try may do.
Result<bool> ReaderPool::attempt(const std::function<Result<void>(Connection&)>& question,
                                 Error& why) {
  auto connection = take();
  if (!connection) {
    why = connection.error();
    return false;
  }
  const auto answered = question(**connection);
  const auto trouble = (*connection)->trouble();
  if (answered.ok()) gave_up_ = false;
  if (trouble == Trouble::lost) forget_all();
  if (trouble != Trouble::lost) give_back(*std::move(connection));
  if (answered.ok()) return true;
  if (trouble != Trouble::lost && trouble != Trouble::again) return answered.error();
  why = answered.error();
  return false;
}

Result<std::unique_ptr<Connection>> ReaderPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!at_rest_.empty()) {
      auto connection = std::move(at_rest_.back());
      at_rest_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(TRY(Connection::open(uri_, patience_.answer)));
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  at_rest_.push_back(std::move(connection));
}

/// What one lost, the others of the same server have lost too.
void ReaderPool::forget_all() {
  const std::lock_guard lock(mutex_);
  at_rest_.clear();
}

}  // namespace signet::postgres
