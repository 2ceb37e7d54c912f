#pragma once

#include <filesystem>

#include "apps/folder/authority_folder.h"

namespace signet::tool {

/// What an authority that comes back from a backup is without a file of its folder.
enum class Need {
  always,        ///< none: it cannot begin
  where_it_was,  ///< it may never have been there; where it was, another one, or one without a past
  may_follow,    ///< itself, once somebody brings it: keys are kept apart at times
};

/// A file that belongs to an authority, wherever it lies.
struct NamedFile {
  std::string path;  ///< or a token's key
  Need need;
};

/// Every file that signetd.toml, `generations` or its place makes one of the authority's, each
/// once. Both sides go by it: what make_backup takes only whole, and what restore_backup wants to
/// see again.
std::vector<NamedFile> named_files(const AuthorityFolder& folder);

/// Its keys with their certificates, the first one's first, then those of services and agent that
/// are set.
std::vector<HolderFiles> holders_of(const AuthorityFolder& folder);

/// The server's and the tools'.
std::vector<std::string> journals_of(const AuthorityFolder& folder);

/// By their names alone: whether `path` lies in `folder`, or in a folder in it.
bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace signet::tool
