#include "adapters/sqlite/store_walk.h"

#include <algorithm>
#include <array>
#include <limits>

namespace signet::sqlite {
namespace {

constexpr int kMostRows = 2048;
constexpr std::size_t kMostOctets = 512 * 1024;

// The pages of the walk, not those of a large store.
constexpr const char* kSmallCache = "PRAGMA cache_size = -1024";

enum class Kind { number, octets, text };

/// A table, or an index that holds all that is asked for.
struct Part {
  std::string_view table;
  std::string_view group;  ///< columns that come first in the order of the rows; may be empty
  std::string_view key;    ///< the column that tells those of one group apart
  std::string_view all;    ///< what is read besides: ", *", or nothing of an index
  std::vector<Kind> kinds;
  std::string_view condition = "1";  ///< of an index over some rows
};

const std::vector<Part>& parts() {
  using enum Kind;
  static const std::vector<Part> all{
      {"certificate", "", "id", ", *", {number}},
      {"certificate", "", "serial_number", "", {octets}},
      {"certificate", "subject_mark", "id", "", {octets, number}},
      {"certificate", "issued_at", "id", "", {number, number}},
      {"certificate", "status, issued_at", "id", "", {number, number, number}},
      {"certificate", "crl_shard", "status_change", "", {number, number}, "status_change > 0"},
      {"answered_request", "", "id", ", *", {number}},
      {"issuance_intent", "", "serial_number", ", *", {octets}},
      {"shared_token", "", "row", ", *", {number}},
      {"shared_token", "", "id", "", {octets}},
      {"token_history", "", "token_id", ", *", {octets}},
      {"pending_challenge", "", "row", ", *", {number}},
      {"pending_challenge", "", "id", "", {octets}},
      {"crl", "", "id", ", *", {number}},
      {"crl", "shard", "number", "", {number, number}},
      {"pending_request", "", "row", ", *", {number}},
      {"pending_request", "", "id", "", {octets}},
      {"awaited_confirmation", "", "serial_number", ", *", {octets}},
      {"revocation_secret", "", "serial_number", ", *", {octets}},
      {"publication", "", "number", ", *", {number}},
      {"publication_choice", "", "serial_number", ", *", {octets}},
      {"lease", "", "name", ", *", {text}},
      {"journal_mark", "", "journal", ", *", {text}},
      {"profile_edition", "", "number", ", *", {number}},
      {"profile_file", "", "rowid", ", *", {number}}};
  return all;
}

/// (?, ?) for so many columns.
std::string marks(std::size_t columns) {
  std::string all = "(?";
  for (std::size_t at = 1; at < columns; ++at) all += ", ?";
  return all + ")";
}

std::string select(const Part& part, const std::string& where) {
  const auto columns = std::string(part.group) + (part.group.empty() ? "" : ", ");
  const auto order = columns + std::string(part.key);
  return "SELECT " + order + std::string(part.all) + " FROM " + std::string(part.table) +
         " WHERE " + std::string(part.condition) + " AND " + where + " ORDER BY " + order +
         " LIMIT " + std::to_string(kMostRows);
}

/// What follows a row, each found by its place in the order alone: one comparison of all columns
/// SQLite would take for one of the first, and go through a large group again and again.
struct Questions {
  std::string rest_of_group;  ///< its parameters: all keys
  std::string next_groups;    ///< all but the last; empty where there are no groups
};

Questions questions_of(const Part& part) {
  const std::string key(part.key);
  if (part.group.empty()) return {select(part, key + " > ?"), ""};
  const auto group = "(" + std::string(part.group) + ")";
  const auto columns = marks(part.kinds.size() - 1);
  return {select(part, group + " = " + columns + " AND " + key + " > ?"),
          select(part, group + " > " + columns)};
}

/// Reads all of the row. So many octets.
std::size_t read_row(const Run& row, int columns) {
  std::size_t octets = 0;
  for (int column = 0; column < columns; ++column) octets += row.octets(column).size();
  return octets;
}

}  // namespace

void StoreWalk::begin_at(std::size_t part) {
  part_ = part % parts().size();
  after_.clear();
  for (const auto kind : parts()[part_].kinds) {
    if (kind == Kind::number) after_.emplace_back(std::numeric_limits<std::int64_t>::min());
    if (kind == Kind::octets) after_.emplace_back(Bytes());
    if (kind == Kind::text) after_.emplace_back(std::string());
  }
}

std::vector<std::string> StoreWalk::questions() {
  std::vector<std::string> all;
  for (const auto& part : parts()) {
    auto [rest_of_group, next_groups] = questions_of(part);
    all.push_back(std::move(rest_of_group));
    if (!next_groups.empty()) all.push_back(std::move(next_groups));
  }
  return all;
}

Result<StoreWalk::Step> StoreWalk::step() {
  const auto read = read_piece();
  if (read.ok()) return read;
  const bool is_damaged = connection_ && connection_->found_damage();
  const auto where = std::string(parts()[part_].table);
  connection_.reset();
  begin_at(0);
  if (!is_damaged) return read;
  return Error{Fault::malformed, "reading " + where + ": " + read.error().detail};
}

Result<StoreWalk::Step> StoreWalk::read_piece() {
  if (after_.empty()) begin_at(0);
  if (!connection_) {
    connection_ = TRY(Connection::open(path_, Connection::Use::read));
    TRY(connection_->execute(kSmallCache));
  }
  const auto [rest_of_group, next_groups] = questions_of(parts()[part_]);
  bool is_full = TRY(read_rows(rest_of_group, after_.size()));
  if (!is_full && !next_groups.empty()) {
    is_full = TRY(read_rows(next_groups, after_.size() - 1));
  }
  if (is_full) return Step::more;
  const bool is_last = part_ + 1 == parts().size();
  begin_at(part_ + 1);
  return is_last ? Step::last : Step::more;
}

/// Whether it read as much as a piece may be.
Result<bool> StoreWalk::read_rows(const std::string& sql, std::size_t parameters) {
  const auto statement = TRY(connection_->prepare(sql));
  const auto before = after_;  // what is bound outlives the run
  Run run(statement);
  for (std::size_t at = 0; at < parameters; ++at) {
    std::visit([&](const auto& value) { run.with(value); }, before[at]);
  }
  const int columns = sqlite3_column_count(statement.get());
  std::size_t octets = 0;
  int rows = 0;
  while (octets < kMostOctets && TRY(run.next_row())) {
    note_keys(run);
    octets += read_row(run, columns);
    ++rows;
  }
  return octets >= kMostOctets || rows == kMostRows;
}

void StoreWalk::note_keys(const Run& row) {
  const auto& kinds = parts()[part_].kinds;
  for (std::size_t at = 0; at < kinds.size(); ++at) {
    const auto column = static_cast<int>(at);
    if (kinds[at] == Kind::number) after_[at] = row.number(column);
    if (kinds[at] == Kind::octets) after_[at] = to_bytes(row.octets(column));
    if (kinds[at] == Kind::text) after_[at] = std::string(row.text(column));
  }
}

}  // namespace signet::sqlite
