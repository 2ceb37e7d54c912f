#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "policy/profile.h"
#include "store/profile_edition.h"

namespace signet::policy {

/// Profiles that were read together.
struct ProfileCollection {
  ProfileSet profiles;
  std::map<std::string, Bytes> digests;  ///< SHA-256 of the text of each that is offered, by id
  std::string digest;                    ///< of all files: digest_of
  /// Of those that are not enabled, errors too.
  std::vector<ProfileFault> warnings;
  std::vector<ProfileFault> errors;   ///< of those left out
  std::vector<std::string> left_out;  ///< files that would be enabled and have errors, sorted
};

/// What becomes of the others where one that is enabled has an error.
enum class WithErrors {
  refuse_all,
  leave_out,  ///< that one is not offered, the others are (dogtag/profiles.md §9)
};

/// Parses and checks all of `files`. `place`: the folder, or what else holds them, which stands
/// before their names in what is told. One that is not enabled may have errors.
/// Faults: bad_configuration, with every error of every file, one a line, where they refuse all;
/// likewise when none of them can be offered.
Result<ProfileCollection> read_collection(const std::vector<store::ProfileFile>& files,
                                          const std::string& place,
                                          WithErrors with_errors = WithErrors::refuse_all);

/// bad_configuration, with the errors of what was left out.
Error unusable(const ProfileCollection& collection);

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
