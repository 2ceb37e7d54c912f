#pragma once

#include <string>

#include "policy/approve.h"

namespace signet::authority {

/// More extensions than these no approval gives, or leaves out.
inline constexpr std::size_t kMostToldChanges = 32;

/// What an agent changes by its approval, for the record: "extensions 2.5.29.37; left out
/// 2.5.29.17; not after 2027-01-31T00:00:00Z". Each extension once; of one refused for more than
/// kMostToldChanges so many by name, and how many there are. Empty where nothing changes.
std::string told_changes(const policy::AgentChanges& changes);

}  // namespace signet::authority
