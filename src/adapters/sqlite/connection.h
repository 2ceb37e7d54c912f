#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace signet::sqlite {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* owned) const {
    Free(owned);
  }
};
using Statement = std::unique_ptr<sqlite3_stmt, Freer<sqlite3_finalize>>;

/// One connection to one file, used by one thread at a time. Faults of all: storage_failed, with
/// the file, SQLite's words and what to do.
class Connection {
 public:
  enum class Use {
    read,
    write,   ///< creates the file where there is none
    gather,  ///< write, for batches: to the log in large pieces (gathered_log.h)
  };
  static Result<Connection> open(const std::string& path, Use use);

  /// Statements without parameters, whose rows nobody wants.
  Result<void> execute(const std::string& sql);
  /// Compiled once, run often: see Run. Ends before the connection does.
  Result<Statement> prepare(std::string_view sql);
  /// The number that a pragma answers with.
  Result<std::int64_t> number(const std::string& sql);
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }
  /// That the file and its log are still those that stand under their names: what is written to one
  /// that was deleted or replaced is gone with this process. Faults: storage_failed.
  Result<void> check_in_place();
  /// A commit that makes the write-ahead log `most_pages` long or longer carries it over.
  void limit_log(int most_pages);
  /// What the log had after the last commit of this connection; 0 without limit_log, and after it
  /// was carried over.
  [[nodiscard]] int pages_in_log() const { return log_ == nullptr ? 0 : log_->pages; }
  /// Whether what failed last failed because the file is damaged, or the disk does not give it.
  [[nodiscard]] bool found_damage() const;
  /// Whether the last transaction's commit failed and may stand in the log whole: it was written,
  /// and then not synced, or not told of to others.
  [[nodiscard]] bool may_have_written() const { return may_have_written_; }
  /// Carries the log over into the file as far as no reader wants the file as it is (a passive
  /// checkpoint). Where that fails the log stands, and the next time finds it.
  void carry_log_over();
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(database_.get()); }

 private:
  friend class Transaction;
  using Database = std::unique_ptr<sqlite3, Freer<sqlite3_close_v2>>;
  explicit Connection(Database database) : database_(std::move(database)) {}
  [[nodiscard]] Error error() const;
  [[nodiscard]] bool failed_behind_writing() const;

  /// At an address of its own: SQLite keeps it, and connections move.
  struct Log {
    int most_pages = 0;
    int pages = 0;
  };
  static int note_commit(void* log, sqlite3* database, const char* name, int pages);

  std::unique_ptr<Log> log_;
  Database database_;
  std::uint64_t log_inode_ = 0;  ///< of `-wal` when it was first looked at; 0: not yet
  bool may_have_written_ = false;
};

/// One run of a prepared statement. Parameters are given in their order and must outlive the run.
///   TRY(Run(statement).with(serial).with(now).finish());
class Run {
 public:
  explicit Run(const Statement& statement) : statement_(statement.get()) {}
  ~Run() { sqlite3_reset(statement_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Run& with(ByteView octets);
  Run& with(std::string_view text);
  Run& with(std::int64_t number);
  Run& with_null();

  /// Whether there is a next row. Faults: storage_failed.
  Result<bool> next_row();
  /// Runs to the end. Faults: storage_failed.
  Result<void> finish();

  // Columns of the row, from 0. Views last until the next row.
  [[nodiscard]] ByteView octets(int column) const;
  [[nodiscard]] std::string_view text(int column) const { return as_text(octets(column)); }
  [[nodiscard]] std::int64_t number(int column) const {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] Time time(int column) const { return Time(std::chrono::seconds(number(column))); }
  [[nodiscard]] bool is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  void note(int answer) {
    if (answer != SQLITE_OK) failed_binding_ = true;
  }

  sqlite3_stmt* statement_;
  int parameter_ = 0;
  bool failed_binding_ = false;
};

/// Rolled back when it goes, unless committed.
class Transaction {
 public:
  /// Takes the write lock at once, so that what is read inside is what stands at the commit.
  /// Faults: also as check_in_place.
  static Result<Transaction> begin(Connection& connection);
  ~Transaction();
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  /// Durable when it returns. Faults: storage_failed; then all of it is rolled back.
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace signet::sqlite
