#pragma once

#include <string>

#include "adapters/files/journal_file.h"
#include "audit/event.h"
#include "base/clock.h"

namespace signet::tool {

/// What an operator does, as record_by_operator has it.
struct OperatorDeed {
  const std::string& directory;
  std::string event;
  std::vector<audit::Field> fields;
};

/// Records what an operator does beside the server, in `<directory>/operator.jsonl`: a journal of
/// its own, chained like the server's, which the server alone writes. Called before the deed, so
/// that no deed is without record. The account that runs the tool is added as Operator.
/// Faults: storage_failed; busy, when others hold the journal for seconds.
Result<void> record_by_operator(const std::string& directory, std::string event,
                                std::vector<audit::Field> fields, const Clock& clock);
/// That what was recorded as above was not done after all. Faults: as above.
Result<void> record_failure_of_operator(const std::string& directory, std::string event,
                                        std::vector<audit::Field> fields, const Clock& clock);

/// The same, for who has to tell why: it was recorded, and `why` came in between. What to tell:
/// more than `why` only where the journal could not be told.
[[nodiscard]] Error undone(const OperatorDeed& deed, const Error& why, const Clock& clock);

/// The same in two steps, for what is to be on record together with its events. Faults: as above;
/// storage_failed also where it is a link.
Result<std::unique_ptr<files::JournalFile>> open_operator_journal(const std::string& directory);
[[nodiscard]] audit::Event operator_event(std::string event, std::vector<audit::Field> fields,
                                          const Clock& clock);

}  // namespace signet::tool
