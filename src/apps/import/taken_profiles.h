#pragma once

#include <filesystem>
#include <vector>

#include "apps/import/import_report.h"

namespace signet::tool {

/// Which profiles of Dogtag's folder the new authority offers: those that this program reads
/// without fault. What it does not is named in the report, with the line and the reason. Where the
/// profiles that requests go to by themselves are not among them, ours stand in.
/// The files to copy. Faults: bad_configuration (none is left, none can be found), storage_failed.
Result<std::vector<std::filesystem::path>> choose_profiles(const std::string& folder,
                                                           const std::string& shipped,
                                                           ImportReport& report);

}  // namespace signet::tool
