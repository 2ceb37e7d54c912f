#include "adapters/postgres/journal_marks.h"

namespace signet::postgres {
namespace {

constexpr std::chrono::seconds kBetweenMarks{1};

}  // namespace

void JournalMarks::note(const audit::Journal& journal) {
  if (!node_.empty()) last_ = journal.mark();
}

Result<void> JournalMarks::keep_if_due(Connection& connection, const audit::Journal& journal,
                                       Writer::Wish wish) {
  note(journal);
  tried_.reset();
  const bool is_due = !kept_at_ || Clock::now() - *kept_at_ >= kBetweenMarks;
  if (wish != Writer::Wish::keep || !is_due || !is_behind()) return {};
  TRY(keep_last(connection));
  tried_ = last_;
  return {};
}

void JournalMarks::was_kept() {
  if (!tried_) return;
  kept_ = std::move(tried_);
  tried_.reset();
  kept_at_ = Clock::now();
}

Result<void> JournalMarks::keep_last(Connection& connection) {
  TRY(connection.run(queries::kKeepJournalMark,
                     values(std::string_view(node_), std::string_view(last_->journal),
                            static_cast<std::int64_t>(last_->sequence), ByteView(last_->hash))));
  return {};
}

std::optional<audit::JournalMark> read_journal_mark(const Rows& found, std::string_view journal) {
  if (found.size() == 0) return std::nullopt;
  return audit::JournalMark{std::string(journal), static_cast<std::uint64_t>(found[0].number(0)),
                            to_bytes(found[0].octets(1))};
}

}  // namespace signet::postgres
