#pragma once

#include <string>

#include "adapters/files/descriptor.h"
#include "base/result.h"

namespace signet::tool {

/// The folder of a new authority while it is made. Unless it is kept, all that was put there goes
/// again, and the folder itself where it was not there before: the next try finds it as this one
/// did. Held by a lock meanwhile, so that no other one that begins at this moment loses its files.
class FolderInTheMaking {
 public:
  /// Faults: as prepare_directory; busy, when another program holds the folder.
  static Result<FolderInTheMaking> begin(const std::string& directory);
  ~FolderInTheMaking();
  FolderInTheMaking(FolderInTheMaking&& other) noexcept;
  FolderInTheMaking& operator=(FolderInTheMaking&&) = delete;

  /// It is whole.
  void keep() { directory_.clear(); }

 private:
  FolderInTheMaking(std::string directory, files::Descriptor held, bool was_there)
      : directory_(std::move(directory)), held_(std::move(held)), was_there_(was_there) {}

  std::string directory_;  ///< empty: it is kept
  files::Descriptor held_;
  bool was_there_;
};

}  // namespace signet::tool
