#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace signet::audit {

enum class EventOutcome { success, failure };

struct Field {
  std::string name;
  std::string value;
  bool operator==(const Field&) const = default;
};

/// One decision, under the name that auditors know from Dogtag (CMC_REQUEST_RECEIVED,
/// CERT_REQUEST_PROCESSED, …), with its fields (SubjectID, CMCRequest, …). No secret goes in.
struct Event {
  std::string name;
  PreciseTime time;
  EventOutcome outcome = EventOutcome::success;
  std::vector<Field> fields;
  bool operator==(const Event&) const = default;
};

/// Where a journal stands: its last record. A store that keeps this beside what the record tells of
/// knows, when it is opened again, what the journal must hold.
struct JournalMark {
  std::string journal;         ///< its name among those that one store goes with
  std::uint64_t sequence = 0;  ///< 0: it has no record
  Bytes hash;
  bool operator==(const JournalMark&) const = default;
};

/// Where events are kept for good. One writer at a time.
class Journal {
 public:
  virtual ~Journal() = default;
  /// None: nobody can compare it later, as it keeps nothing.
  [[nodiscard]] virtual std::optional<JournalMark> mark() const { return std::nullopt; }
  /// Appends all, in order, chained to what went before. Durable when it returns.
  /// Faults: storage_failed; then none of them counts.
  virtual Result<void> append(const std::vector<const Event*>& events) = 0;
};

/// Keeps events in memory, for tests.
class MemoryJournal final : public Journal {
 public:
  Result<void> append(const std::vector<const Event*>& events) override;
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Event> events_;
};

}  // namespace signet::audit
