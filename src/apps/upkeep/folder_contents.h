#pragma once

#include "apps/folder/authority_folder.h"

namespace signet::tool {

/// What lies in an authority's folder and goes into a backup as it is, in order: not the store,
/// which is copied by itself, nor half-written files, nor backups.
struct FolderContents {
  std::vector<std::string> files;  ///< names below the folder
  std::vector<std::string> links;  ///< whole paths: what they lead to is left out
};

/// Who may write in the folder may not read all that the account may that saves it: so links are
/// not followed. `output`: the backup's own place. Faults: storage_failed.
Result<FolderContents> contents_of(const AuthorityFolder& folder, const std::string& output);

/// As they are now, for who waits, with those of the store's copy.
std::uint64_t octets_of(const std::string& copy_of_store, const AuthorityFolder& folder,
                        const FolderContents& contents);

}  // namespace signet::tool
