#pragma once

#include <string>

#include "adapters/takeover/directory_entry.h"

namespace signet::tool {

/// Whether the system's tables have this zone. Faults: bad_configuration.
Result<void> check_zone(const std::string& name);
/// From the times of a zone ("Europe/Berlin") to UTC, by the system's tables; none named: they are
/// UTC already. An hour that was there twice in autumn is taken as the system takes it.
/// The zone becomes this process's own: one zone a process, before threads begin.
/// Faults: bad_configuration (no such zone).
Result<takeover::ToUtc> times_of_zone(const std::string& name);

}  // namespace signet::tool
