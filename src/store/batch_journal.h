#pragma once

#include <span>

#include "audit/event.h"
#include "base/result.h"
#include "store/records.h"

namespace signet::store {

/// The events of one batch on their way into the journal, for engines whose database may fail after
/// the journal was written: the journal cannot take records back, so it is told that they do not
/// count.
class BatchJournal {
 public:
  explicit BatchJournal(audit::Journal& journal) : journal_(journal) {}

  /// Those of the commits that hold, at once; none are no call of the journal. `outcomes`: one for
  /// each commit. Faults: those of the journal.
  Result<void> append(std::span<const Commit* const> batch,
                      const std::vector<CommitOutcome>& outcomes);
  /// What was appended last was not kept: AUDIT_BATCH_ABANDONED. Nothing when nothing was appended.
  Result<void> abandon(const Error& why);
  /// It is not known whether it was kept: AUDIT_BATCH_IN_DOUBT.
  Result<void> doubt(const Error& why);

 private:
  Result<void> tell(std::string_view name, const Error& why);

  audit::Journal& journal_;
  std::vector<const audit::Event*> appended_;
};

}  // namespace signet::store
