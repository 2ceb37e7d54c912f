#pragma once

#include <chrono>
#include <optional>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/statement.h"
#include "adapters/postgres/writer.h"
#include "audit/event.h"

namespace signet::postgres {

namespace queries {
inline constexpr Statement kKeepJournalMark{
    "keep_journal_mark",
    "INSERT INTO journal_mark (node, journal, sequence, hash) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (node, journal) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash"};
inline constexpr Statement kFindJournalMark{
    "find_journal_mark",
    "SELECT sequence, hash FROM journal_mark WHERE node = $1 AND journal = $2"};
}  // namespace queries

/// Where the journals of one node stand, in the database that all nodes share. One thread at a
/// time.
class JournalMarks {
 public:
  /// `node`: the same at each of its starts, and no other's; empty: nothing is marked.
  explicit JournalMarks(std::string node) : node_(std::move(node)) {}

  /// Within a transaction whose events the journal holds already, before its COMMIT; one that wants
  /// nothing kept keeps no mark. One more statement for each batch would cost some percent: one a
  /// second does not. Faults: storage_failed.
  Result<void> keep_if_due(Connection& connection, const audit::Journal& journal,
                           Writer::Wish wish);
  /// The transaction was kept, whose last try the call before was part of.
  void was_kept();
  /// Notes where it stands, for `keep_last`.
  void note(const audit::Journal& journal);
  /// Whether the journal went on since a mark was last kept.
  [[nodiscard]] bool is_behind() const { return last_ && last_ != kept_; }
  /// The last that was noted. Faults: storage_failed.
  Result<void> keep_last(Connection& connection);

  [[nodiscard]] const std::string& node() const { return node_; }

 private:
  using Clock = std::chrono::steady_clock;

  const std::string node_;
  std::optional<audit::JournalMark> last_;
  std::optional<audit::JournalMark> tried_;  ///< by the transaction under way
  std::optional<audit::JournalMark> kept_;
  std::optional<Clock::time_point> kept_at_;
};

/// None where the statement found none.
std::optional<audit::JournalMark> read_journal_mark(const Rows& found, std::string_view journal);

}  // namespace signet::postgres
