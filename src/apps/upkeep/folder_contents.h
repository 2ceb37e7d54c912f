#pragma once

#include "apps/folder/authority_folder.h"

namespace signet::tool {

/// What lies in an authority's folder and goes into a backup as it is, in order: not the store,
/// which is copied by itself, nor half-written files, nor backups.
struct FolderContents {
  std::vector<std::string> files;  ///< names below the folder
  /// Whole paths: links with what they lead to, files that have another name (hard links), files
  /// whose names are no UTF-8.
  std::vector<std::string> left_out;
};

/// Who may write in the folder may not read all that the account may that saves it: so links are
/// not followed, nor is a file taken that may be another's by another name. `output`: the backup's
/// own place. Faults: storage_failed, naming what cannot be looked into.
Result<FolderContents> contents_of(const AuthorityFolder& folder, const std::string& output);

/// That what belongs to the authority (named_files) and lies in its folder is in the contents, or
/// not there and not needed. Faults: bad_configuration, which says what to do.
Result<void> check_holds_named(const FolderContents& contents, const AuthorityFolder& folder);

/// As they are now, for who waits, with those of the store's copy.
std::uint64_t octets_of(const std::string& copy_of_store, const AuthorityFolder& folder,
                        const FolderContents& contents);

}  // namespace signet::tool
