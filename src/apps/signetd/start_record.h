#pragma once

#include "apps/configuration/configuration.h"
#include "apps/signetd/profile_watch.h"
#include "audit/event.h"
#include "base/clock.h"
#include "base/log.h"

namespace signet::server {

/// AUDIT_LOG_STARTUP: the settings by which requests are judged, each tolerance with "on" or "off",
/// where the profiles came from, with their digest, and where the tools' journal stands
/// (OperatorSequence, OperatorHash; OperatorJournal says why that cannot be told).
audit::Event start_event(const Configuration& configuration, const BegunProfiles& profiles,
                         const Clock& clock);

/// The same settings for the log; of the tolerances those that are on, "legacy_proofs,bare_names".
void log_start(const Configuration& configuration, Log& log);

}  // namespace signet::server
