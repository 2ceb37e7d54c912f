#pragma once

#include "adapters/postgres/writer.h"
#include "store/batch_journal.h"

namespace signet::postgres {

/// One batch of commits on its way into the database: as many tries as it takes.
class BatchWork {
 public:
  BatchWork(std::span<const store::Commit* const> batch, audit::Journal& journal)
      : batch_(batch), journal_(journal) {}

  /// One try, for Writer::transact. Faults: storage_failed, those of the journal.
  Result<Writer::Wish> run(Connection& connection);
  /// Whether the batch wants nothing but its events recorded.
  [[nodiscard]] bool only_tells() const;
  /// Does that, without the database.
  Result<void> tell();
  /// No more tries. Gives the outcomes of commits that all failed; or are in_doubt, as `why`.
  std::vector<store::CommitOutcome> fail(const Error& why);
  [[nodiscard]] std::vector<store::CommitOutcome> outcomes() && { return std::move(outcomes_); }

 private:
  std::span<const store::Commit* const> batch_;
  store::BatchJournal journal_;
  std::vector<store::CommitOutcome> outcomes_;
};

}  // namespace signet::postgres
