#pragma once

#include <functional>
#include <memory>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/patience.h"

namespace signet::postgres {

/// The writing connection, and what it takes to do a thing once: transactions that are begun again
/// when another node is in the way or the connection is lost. One thread at a time.
class Writer {
 public:
  /// Brings the schema to the newest version. Faults: as PostgresEngine::open.
  static Result<std::unique_ptr<Writer>> open(const std::string& uri, Patience patience);

  /// What a try of a transaction wants: nothing kept, all of it kept, or another try since what it
  /// saw has changed.
  enum class Wish { nothing, keep, again };
  using Work = std::function<Result<Wish>(Connection&)>;

  /// Calls `work`, inside a transaction, until what it wants is done; it may be
  /// called several times, each time after everything of the call before was taken back. When this
  /// returns well, what was to be kept is durable and was kept once. Faults: those of `work`;
  /// storage_failed; in_doubt when the connection was lost during COMMIT and the database could not
  /// say since whether the transaction was kept, and from then on, at once and without a try, while
  /// that transaction has not ended.
  Result<void> transact(const Work& work);
  /// From now on a database that is away is not waited for, until it was there again.
  void lose_patience() { gave_up_ = true; }

 private:
  Writer(std::string uri, Patience patience) : uri_(std::move(uri)), patience_(patience) {}

  enum class Try { done, overtaken, unknown, not_kept };
  Result<Try> attempt(const Work& work, Waiting& waiting);
  Result<Try> run(const Work& work);
  Result<void> begin();
  Result<Try> commit();
  Result<Try> settle(Waiting& waiting);
  Result<bool> was_kept(std::chrono::milliseconds most);
  Result<void> connect();
  Result<void> register_writer();
  [[nodiscard]] bool lost() const;

  std::string uri_;
  Patience patience_;
  std::unique_ptr<Connection> connection_;
  Bytes id_;                ///< of this writer's row
  std::int64_t batch_ = 0;  ///< the number of the transaction under way
  bool in_doubt_ = false;   ///< the last one that could be kept may still be, or have been
  bool gave_up_ = false;    ///< the database is away: what comes meanwhile fails at once
};

/// A server that answers before it has written cannot keep what an engine promises: from now on
/// this session does, whatever becomes of the server's settings. Faults: bad_configuration,
/// storage_failed.
Result<void> demand_durability(Connection& connection);

}  // namespace signet::postgres
