#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "policy/profile.h"
#include "store/profile_edition.h"

namespace signet::policy {

/// Profiles that were read together, as a server takes them: all of them or none.
struct ProfileCollection {
  ProfileSet profiles;
  std::map<std::string, Bytes> digests;  ///< SHA-256 of the text of each that is enabled, by id
  std::string digest;                    ///< of all files: digest_of
  std::vector<ProfileFault> warnings;
};

/// Parses and checks all of `files`. `place`: the folder, or what else holds them, which stands
/// before their names in what is told. Faults: bad_configuration, with every error of every file,
/// one a line; likewise when none of them is enabled.
Result<ProfileCollection> read_collection(const std::vector<store::ProfileFile>& files,
                                          const std::string& place);

/// Lower-case hex, as `LC_ALL=C; sha256sum *.cfg | sha256sum` gives it in a folder of these files.
std::string digest_of(const std::vector<store::ProfileFile>& files);

/// What becomes of what is offered: ids of enabled profiles, sorted.
struct CollectionChange {
  std::vector<std::string> added;
  std::vector<std::string> changed;  ///< another text
  std::vector<std::string> withdrawn;
  [[nodiscard]] bool empty() const { return added.empty() && changed.empty() && withdrawn.empty(); }
  bool operator==(const CollectionChange&) const = default;
};
CollectionChange change_between(const ProfileCollection& before, const ProfileCollection& after);

}  // namespace signet::policy
