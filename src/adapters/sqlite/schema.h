#pragma once

#include <span>

#include "adapters/sqlite/connection.h"

namespace signet::sqlite {

/// "Sgnt" in the file's header: whose file this is.
inline constexpr std::int64_t kApplicationId = 0x53676E74;

/// Step n takes a file of version n to version n + 1; an empty file is of version 0. A step that
/// was released is never changed: another one is added behind it.
std::span<const std::string_view> migrations();

/// Brings the file to the version behind the last step, each step whole or not at all. Several
/// processes may do so at once. Faults: storage_failed; bad_configuration when the file was written
/// by a newer Signet or by another program.
Result<void> migrate(Connection& connection,
                     std::span<const std::string_view> steps = migrations());

/// That the file is of the version behind the last step, without a change to it. Faults:
/// storage_failed; bad_configuration when it is of an older Signet, or as migrate.
Result<void> demand_newest(Connection& connection,
                           std::span<const std::string_view> steps = migrations());

}  // namespace signet::sqlite
