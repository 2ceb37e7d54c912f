#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/profile.h"

namespace signet::tool {

/// `given`, or where it is empty the shipped profiles: beside the sources, or where an installation
/// puts them. Faults: bad_configuration when there is no such folder.
Result<std::string> find_profiles(const std::string& given);

/// A profile's text as the server would read it. Faults: storage_failed; malformed for what is
/// plainly no profile: empty, PEM, not text.
Result<policy::Profile::Parsed> read_profile(const std::string& file);

/// Of a folder's profiles that their text enables, those that a server would not offer: the first
/// error of each, with file and line. Faults: as read_profile; bad_configuration.
Result<std::vector<std::string>> profiles_not_offered(const std::string& folder);

/// The file that `name_or_file` means: a path, or the id of a profile in `folder` (empty: the
/// shipped ones). Faults: bad_configuration, naming the nearest id.
Result<std::string> profile_file(const std::string& name_or_file, const std::string& folder);

}  // namespace signet::tool
