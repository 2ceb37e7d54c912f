#include "apps/upkeep/folder_contents.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "adapters/files/descriptor.h"
#include "apps/upkeep/named_files.h"
#include "codec/asn1/utf8.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// SQLite's files of a store, which is copied by itself.
bool is_of_store(const std::string& name, const std::string& store) {
  return name == store || name == store + "-wal" || name == store + "-shm" ||
         name == store + "-journal";
}

/// Half-written files are nobody's.
bool is_passed_over(const fs::path& path, const std::string& output) {
  const auto name = path.string();
  return name.ends_with(".new") || path == fs::path(output) || name.ends_with(".signet-backup");
}

/// Whether it is for the folder's sake alone that it is read: what has another name may be one that
/// whoever gave it this one may not read.
bool is_taken(const struct stat& about, const std::string& name) {
  return S_ISREG(about.st_mode) && about.st_nlink <= 1 && asn1::is_utf8(as_bytes(name));
}

Result<void> sort_in(const fs::path& path, const AuthorityFolder& folder, FolderContents& found) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) {
    if (errno == ENOENT) return {};  // it went meanwhile
    return files::system_error("look at", path);
  }
  if (!S_ISREG(about.st_mode) && !S_ISLNK(about.st_mode)) return {};
  const auto name = path.lexically_relative(folder.directory).string();
  if (!is_taken(about, name)) {
    found.left_out.push_back(path);
  } else if (!is_of_store(path, folder.store)) {
    found.files.push_back(name);
  }
  return {};
}

Error not_whole(const fs::path& path, const std::error_code& error) {
  return {Fault::storage_failed, "cannot look into " + path.string() + ": " + error.message() +
                                     "; a backup without it would seem whole: have it read by "
                                     "whose account saves, or take it out of the folder"};
}

// ------------------------------------------------------------ what the authority needs

/// The link that stands there, or on the way there; none: nullptr.
const std::string* left_out_at(const std::string& path, const FolderContents& contents) {
  const auto& all = contents.left_out;
  const auto found = std::find_if(all.begin(), all.end(), [&](const std::string& each) {
    return path == each || path.starts_with(each + "/");
  });
  return found == all.end() ? nullptr : &*found;
}

Error not_in_it(const NamedFile& file, const std::string& left_out) {
  const auto whose = left_out == file.path ? "" : " on the way to " + file.path;
  std::error_code ignored;
  const auto other_place =
      file.need == Need::may_follow ? "; or have signetd.toml name the place where it is" : "";
  if (fs::is_symlink(left_out, ignored)) {
    return {Fault::bad_configuration, left_out + " is a link" + whose +
                                          ", and a backup follows none: put the file itself "
                                          "there" +
                                          other_place};
  }
  return {Fault::bad_configuration, left_out +
                                        " has another name too (a hard link), or one that is no "
                                        "UTF-8, and a backup takes no such file: put a copy of "
                                        "its own there (cp -p, then mv)" +
                                        other_place};
}

Result<void> check_holds(const NamedFile& file, const FolderContents& contents,
                         const AuthorityFolder& folder) {
  if (const auto* left_out = left_out_at(file.path, contents)) return not_in_it(file, *left_out);
  struct stat about {};
  if (::lstat(file.path.c_str(), &about) != 0) {
    if (file.need != Need::always) return {};
    return Error{Fault::bad_configuration,
                 file.path +
                     " is not there, and a backup without it is not restored: bring it back first "
                     "(signet ca restore, into another folder), or have it made again (signet ca "
                     "renew)"};
  }
  if (S_ISDIR(about.st_mode) && file.path == folder.profiles) return {};
  const auto name = fs::path(file.path).lexically_relative(folder.directory).string();
  const bool is_listed = std::binary_search(contents.files.begin(), contents.files.end(), name) ||
                         (S_ISREG(about.st_mode) && file.path == folder.store);
  if (is_listed) return {};
  return Error{Fault::bad_configuration,
               file.path +
                   " would not be in the backup: it is no file, or is named as half-written ones "
                   "(.new) and backups (.signet-backup) are; give it another name"};
}

}  // namespace

Result<FolderContents> contents_of(const AuthorityFolder& folder, const std::string& output) {
  FolderContents found;
  std::error_code error;
  fs::path at = folder.directory;
  for (fs::recursive_directory_iterator entry(at, error), end; !error && entry != end;
       entry.increment(error)) {
    at = entry->path();
    if (!is_passed_over(at, output)) TRY(sort_in(at, folder, found));
  }
  if (error) return not_whole(at, error);
  std::sort(found.files.begin(), found.files.end());
  std::sort(found.left_out.begin(), found.left_out.end());
  return found;
}

Result<void> check_holds_named(const FolderContents& contents, const AuthorityFolder& folder) {
  for (const auto& file : named_files(folder)) {
    if (is_below(file.path, folder.directory)) TRY(check_holds(file, contents, folder));
  }
  return {};
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
