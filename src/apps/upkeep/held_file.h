#pragma once

#include <string>
#include <vector>

#include "adapters/files/replacement.h"

namespace signet::tool {

/// A files::Replacement beside `path`, which this process holds by a lock (flock) as long as it is
/// open: however the process ends, from then on the file counts as abandoned. On a file system
/// without such locks it is held by nobody, and remove_abandoned leaves it. Faults: storage_failed.
Result<files::Replacement> held_beside(const std::string& path);

/// What stands beside a held file for its sake bears its name, then this and whatever else.
inline constexpr const char* kBelongsToHeld = ".of";

/// Removes what held_beside made for `path` in a process that is no more: files named
/// PATH.XXXXXX.new that nobody holds, and PATH.XXXXXX.new.of.* of each. What was removed, by its
/// path; what somebody holds, or cannot be opened, stays.
std::vector<std::string> remove_abandoned(const std::string& path);

}  // namespace signet::tool
