#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/sqlite/connection.h"

namespace signet::sqlite {

/// Reads a store through, a piece at a time, while others read and write: a page that is damaged
/// shows to who reads it, and look-ups read few. Of SQLite's own checks none can be had in pieces:
/// over a large store each is one read of minutes, and as long the log could not be carried over.
///
/// What is read: all rows of all tables, and the indexes whose entries stand in columns. What only
/// an integrity check finds, it does not: rows and indexes that do not fit each other, the indexes
/// over expressions, octets that are others and still a row. One thread at a time.
class StoreWalk {
 public:
  explicit StoreWalk(std::string path) : path_(std::move(path)) {}

  enum class Step { more, last };
  /// Reads the next piece: some thousands of rows, half a MiB, or one row. After the last the first
  /// follows. Faults: malformed, with SQLite's words and what to do, where the file is damaged or
  /// the disk does not give it; storage_failed, where it cannot be read for now. Then the next
  /// piece is the first.
  Result<Step> step();
  /// The SQL of all pieces, for who asks SQLite for its plans.
  static std::vector<std::string> questions();

 private:
  using Key = std::variant<std::int64_t, Bytes, std::string>;
  Result<Step> read_piece();
  Result<bool> read_rows(const std::string& sql, std::size_t parameters);
  void note_keys(const Run& row);
  void begin_at(std::size_t part);

  const std::string path_;
  std::optional<Connection> connection_;
  std::size_t part_ = 0;    ///< of the tables and indexes
  std::vector<Key> after_;  ///< the keys of the last row that was read
};

}  // namespace signet::sqlite
