#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace signet::store {

/// One enrollment profile as its author wrote it.
struct ProfileFile {
  std::string name;  ///< without folders: "caFullCMCUserCert.cfg"
  std::string text;
  bool operator==(const ProfileFile&) const = default;
};

/// All profiles that nodes of one store offer, from its publication until the next one's.
/// An edition is never changed.
struct ProfileEdition {
  std::uint64_t number = 0;  ///< 1 for the first, then one more each time
  Time published_at;
  std::vector<ProfileFile> files;  ///< by name
  bool operator==(const ProfileEdition&) const = default;
};

}  // namespace signet::store
