#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "adapters/postgres/patience.h"
#include "adapters/postgres/statement.h"
#include "base/result.h"

namespace signet::postgres {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* owned) const {
    Free(owned);
  }
};

/// One row of an answer, columns from 0. Lasts as long as its Rows.
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  [[nodiscard]] ByteView octets(int column) const;
  [[nodiscard]] std::string_view text(int column) const { return as_text(octets(column)); }
  /// Of a BIGINT; 0 for anything else.
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] Time time(int column) const { return Time(std::chrono::seconds(number(column))); }
  [[nodiscard]] bool is_null(int column) const;

 private:
  const PGresult* result_;
  int row_;
};

/// What one statement answered.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}

  [[nodiscard]] int size() const { return PQntuples(result_.get()); }
  [[nodiscard]] Row operator[](int row) const { return {result_.get(), row}; }
  /// The rows that an INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t touched() const;
  /// The command that was done, which for COMMIT may be "ROLLBACK".
  [[nodiscard]] std::string_view command() const { return PQcmdStatus(result_.get()); }
  [[nodiscard]] const PGresult* result() const { return result_.get(); }

 private:
  std::unique_ptr<PGresult, Freer<PQclear>> result_;
};

/// Why a statement failed, as far as it says what to do.
enum class Trouble {
  none,
  again,  ///< another transaction was in the way: the same again may do
  lost,   ///< the connection or its server is gone, or may not write any more: connect again
  other
};

/// What to do where a session's settings or prepared statements are not kept.
inline constexpr std::string_view kPoolerMustKeepSessions =
    "a pooler in front of the database must keep sessions (PgBouncer: pool_mode = session)";

/// Statements that are sent together and answered together, in one round trip.
class Pipeline {
 public:
  void add(const Statement& statement, Parameters parameters = {}) {
    steps_.push_back({&statement, std::move(parameters)});
  }
  [[nodiscard]] bool empty() const { return steps_.empty(); }

 private:
  friend class Connection;
  struct Step {
    const Statement* statement;
    Parameters parameters;
  };
  std::vector<Step> steps_;
};

/// One session of a database that may be written, used by one thread at a time. Faults of all:
/// storage_failed, with the database's words and what to do, never a value.
class Connection {
 public:
  /// `uri`: postgresql://…, several hosts allowed. Waits some seconds at most. A server that
  /// moves no octet for `answer_time`, though its connection stands, counts as lost.
  /// Whatever the URI says of it: no session that is read-only (target_session_attrs).
  /// Faults also: bad_configuration when it is no such URI, or holds a password.
  static Result<Connection> open(const std::string& uri,
                                 std::chrono::milliseconds answer_time = Patience{}.answer);
  /// From now on each answer may take as long as it likes.
  void bear_long_answers() { answer_time_.reset(); }

  /// The answers in the order of the statements. At the first fault the rest is not done.
  Result<std::vector<Rows>> run(const Pipeline& pipeline);
  Result<Rows> run(const Statement& statement, Parameters parameters = {});
  /// As `run`, with another time for the answer.
  Result<Rows> run_within(std::chrono::milliseconds most, const Statement& statement,
                          Parameters parameters = {});
  /// Statements without parameters, whose rows nobody wants; several, divided by semicolons.
  Result<void> execute(const std::string& sql);

  /// Of the last fault.
  [[nodiscard]] Trouble trouble() const { return trouble_; }
  /// Whether the last answers came with a warning. With that of a COMMIT it is not known whether a
  /// standby has what was kept: its wait was broken off.
  [[nodiscard]] bool warned() const { return *warned_; }
  /// That can be taken back: none that was lost.
  [[nodiscard]] bool in_transaction() const;

 private:
  using Session = std::unique_ptr<PGconn, Freer<PQfinish>>;
  using Clock = std::chrono::steady_clock;
  Connection(Session session, std::chrono::milliseconds answer_time)
      : session_(std::move(session)), answer_time_(answer_time) {}
  [[nodiscard]] bool send(const Pipeline& pipeline, const std::vector<const Statement*>& fresh);
  [[nodiscard]] bool send(const Pipeline::Step& step);
  [[nodiscard]] std::vector<const Statement*> unprepared(const Pipeline& pipeline) const;
  Result<std::vector<Rows>> receive(const std::vector<const Statement*>& fresh,
                                    std::size_t statements);
  Result<Rows> checked(Rows answer);
  Result<Rows> next_answer();
  [[nodiscard]] bool move_octets(std::chrono::milliseconds most);
  Error lost();
  Error silent();

  std::unique_ptr<bool> warned_ = std::make_unique<bool>(false);  ///< the session writes it
  Session session_;
  std::optional<std::chrono::milliseconds> answer_time_;  ///< none: without end
  Clock::time_point last_moved_;                          ///< octets, in either direction
  std::set<const Statement*> prepared_;
  friend class Transaction;
  Trouble trouble_ = Trouble::none;
};

/// Rolled back when it goes, unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

 private:
  Connection& connection_;
};

}  // namespace signet::postgres
