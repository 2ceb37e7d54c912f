#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"

namespace signet::tool {

/// "30d", "12h", "90m": a whole number of days, hours or minutes, at least one and at most 100
/// years. Faults: malformed, saying what is allowed.
Result<std::chrono::seconds> duration_from_text(std::string_view text);

}  // namespace signet::tool
