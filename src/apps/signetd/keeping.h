#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/configuration/configuration.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/committer.h"
#include "store/lease.h"

namespace signet::server {

/// What keeps: the store, the journal beside it, and who writes to both.
struct Keeping {
  std::unique_ptr<store::Engine> engine;
  store::LeaseStore* leases = nullptr;  ///< the engine
  /// Where a journal stood, by what the store says; empty: it never does.
  std::function<Result<std::optional<audit::JournalMark>>(std::string_view journal)> journal_mark;
  std::function<Result<PreciseTime>()> database_time;  ///< empty: no database tells it
  std::unique_ptr<audit::Journal> journal;
  std::unique_ptr<store::Committer> committer;
};

/// What all else of a server stands on: it outlives that.
struct Ground {
  const Keeping& keeping;
  const Clock& clock;
  Log& log;
};

/// The store that the configuration names, still without a journal. Faults: bad_configuration for a
/// file that others may read, or that is gone while its journal is there; those of opening.
Result<Keeping> open_store(const Configuration& configuration);
/// The same without opening a file: the server may be running.
Result<void> check_store(const Configuration& configuration);

/// Opens the journal `path` beside the store; from here on there is a committer. What is not as the
/// store says is given back, for the journal itself. A journal that is gone stops nobody: it may
/// have been moved away because it did not hold. Faults: storage_failed.
Result<std::vector<audit::Event>> open_journal(Keeping& keeping, const std::string& path,
                                               const Clock& clock, Log& log);

}  // namespace signet::server
