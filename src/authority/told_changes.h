#pragma once

#include <string>

#include "policy/approve.h"

namespace signet::authority {

/// What an agent changes by its approval, for the record: "extensions 2.5.29.37; left out
/// 2.5.29.17; not after 2027-01-31T00:00:00Z". Of many extensions 32 by name and how many there
/// are; empty where nothing changes.
std::string told_changes(const policy::AgentChanges& changes);

}  // namespace signet::authority
