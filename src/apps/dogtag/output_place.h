#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace signet::dogtag {

/// Whether a file can be written there. Asked before what cannot be undone: a key is made, the
/// authority issues something. `as_written` is what the user wrote, "output=cmc.resp".
/// Faults: storage_failed.
Result<void> check_output_place(const std::string& path, std::string_view as_written);

}  // namespace signet::dogtag
