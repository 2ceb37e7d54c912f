#pragma once

#include <span>

#include "adapters/postgres/connection.h"

namespace signet::postgres {

/// Step n takes a schema of version n to version n + 1; an empty one is of version 0. A step that
/// was released is never changed: another one is added behind it.
std::span<const std::string_view> migrations();

/// Brings the first schema of the connection's search_path to the version behind the last step,
/// each step whole or not at all. Several nodes may do so at once. Where none is left, nothing is
/// asked of the user's right to make tables. Faults: storage_failed;
/// bad_configuration when it was written by a newer Signet, holds another program's tables, or none
/// while another schema of the search_path has a store.
Result<void> migrate(Connection& connection,
                     std::span<const std::string_view> steps = migrations());

/// That the session's user may write each table of a schema that migrate() brought forward, which
/// another user may have made: one that may not is met by the first commit otherwise. Faults:
/// bad_configuration, naming them; storage_failed.
Result<void> demand_rights(Connection& connection);

/// That the schema is of the version behind the last step, by questions alone. Faults:
/// storage_failed; bad_configuration when there is none or an older Signet's, or as migrate.
Result<void> demand_newest(Connection& connection,
                           std::span<const std::string_view> steps = migrations());

}  // namespace signet::postgres
