#pragma once

#include "adapters/postgres/connection.h"

namespace signet::postgres {

/// Whether what a session sets stays with it: a pooler that gives each transaction whichever server
/// session is free lets one client have another's settings and prepared statements. `session`: one
/// of this `uri`; it loses its lock_timeout. One more is opened for a moment. Faults:
/// bad_configuration; those of Connection::open.
Result<void> demand_own_session(Connection& session, const std::string& uri);

}  // namespace signet::postgres
