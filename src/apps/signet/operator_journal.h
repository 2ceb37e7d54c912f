#pragma once

#include <string>

#include "audit/event.h"
#include "base/clock.h"

namespace signet::tool {

/// Records what an operator does beside the server, in `<directory>/operator.jsonl`: a journal of
/// its own, chained like the server's, which the server alone writes. Called before the deed, so
/// that no deed is without record. The account that runs the tool is added as Operator.
/// Faults: storage_failed; busy, when others hold the journal for seconds.
Result<void> record_by_operator(const std::string& directory, std::string event,
                                std::vector<audit::Field> fields, const Clock& clock);

}  // namespace signet::tool
