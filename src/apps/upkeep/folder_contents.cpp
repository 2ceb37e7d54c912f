#include "apps/upkeep/folder_contents.h"

#include <algorithm>
#include <filesystem>

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// SQLite's files of a store.
bool is_of_store(const std::string& name, const std::string& store) {
  return name == store || name == store + "-wal" || name == store + "-shm" ||
         name == store + "-journal";
}

/// The store is copied by itself; half-written files are nobody's.
bool is_left_out(const fs::path& path, const AuthorityFolder& folder, const std::string& output) {
  const auto name = path.string();
  return is_of_store(name, folder.store) || name.ends_with(".new") || path == fs::path(output) ||
         name.ends_with(".signet-backup");
}

}  // namespace

Result<FolderContents> contents_of(const AuthorityFolder& folder, const std::string& output) {
  FolderContents found;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder.directory, error)) {
    const auto type = entry.symlink_status(error).type();
    if (is_left_out(entry.path(), folder, output)) continue;
    if (type == fs::file_type::symlink) found.links.push_back(entry.path());
    if (type != fs::file_type::regular) continue;
    found.files.push_back(entry.path().lexically_relative(folder.directory));
  }
  if (error) return Error{Fault::storage_failed, folder.directory + ": " + error.message()};
  std::sort(found.files.begin(), found.files.end());
  std::sort(found.links.begin(), found.links.end());
  return found;
}

std::uint64_t octets_of(const std::string& copy_of_store, const AuthorityFolder& folder,
                        const FolderContents& contents) {
  std::error_code error;
  auto octets = fs::file_size(copy_of_store, error);
  if (error) octets = 0;
  for (const auto& name : contents.files) {
    const auto more = fs::file_size(fs::path(folder.directory) / name, error);
    if (!error) octets += more;
  }
  return octets;
}

}  // namespace signet::tool
