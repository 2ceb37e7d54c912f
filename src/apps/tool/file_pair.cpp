#include "apps/tool/file_pair.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

std::string fresh(const std::string& path) {
  return path + ".new";
}

/// The old one is copied, so that its name is never without a file.
Result<void> keep_old(const std::string& path) {
  if (!is_there(path)) return {};
  std::error_code error;
  fs::copy_file(path, path + ".old", fs::copy_options::overwrite_existing, error);
  if (!error) return {};
  return Error{Fault::storage_failed, path + " cannot be kept as .old: " + error.message()};
}

/// Who may use the old one may use the new one. A group that cannot be kept is no reason to let
/// another one in: our own gets no more than everybody had.
Result<void> take_over_access(const std::string& path) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return {};
  const files::Descriptor file(files::uninterrupted(
      [&] { return ::open(fresh(path).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!file.is_open()) return files::system_error("open", fresh(path));
  // Only root gives files away; to a group of its own anybody may.
  const bool all_kept = ::fchown(file.number(), old.st_uid, old.st_gid) == 0;
  const bool group_kept =
      all_kept || ::fchown(file.number(), static_cast<uid_t>(-1), old.st_gid) == 0;
  auto mode = old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
  if (!group_kept) mode &= ~mode_t{S_IRWXG} | (mode & S_IRWXO) << 3;
  if (::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0) {
    return files::system_error("set the mode of", fresh(path));
  }
  return {};
}

Result<void> take_place(const std::string& path) {
  std::error_code error;
  fs::rename(fresh(path), path, error);
  if (!error) return files::sync_directory_of(path);
  return Error{Fault::storage_failed,
               path + " cannot be replaced by " + fresh(path) + ": " + error.message()};
}

}  // namespace

Result<files::Descriptor> wait_for_turn(const HolderFiles& files) {
  auto folder = fs::path{files.certificate}.parent_path().string();
  if (folder.empty()) folder = ".";
  files::Descriptor held(files::uninterrupted(
      [&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!held.is_open()) return files::system_error("open the folder", folder);
  // A file system that locks no folders leaves each as if it were alone.
  static_cast<void>(files::uninterrupted([&] { return ::flock(held.number(), LOCK_EX); }));
  return held;
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<void> replace_pair(const HolderFiles& files, const crypto::PrivateKey* key,
                          const SecretBytes& passphrase, const std::string& certificates_pem) {
  if (key != nullptr) TRY(write_key(fresh(files.key), *key, passphrase));
  TRY(files::write_file(fresh(files.certificate), as_bytes(certificates_pem)));
  if (key != nullptr) TRY(take_over_access(files.key));
  TRY(take_over_access(files.certificate));
  if (key != nullptr) TRY(keep_old(files.key));
  TRY(keep_old(files.certificate));
  if (key != nullptr) TRY(take_place(files.key));
  return take_place(files.certificate);
}

bool is_half_replaced(const HolderFiles& files) {
  if (!is_there(fresh(files.certificate)) || is_there(fresh(files.key))) return false;
  const auto waits = read_certificates_file(fresh(files.certificate));
  const auto key = read_key_file(files.key, files.passphrase_file);
  return waits.ok() && key.ok() &&
         waits->front()->subject_public_key_info == (*key)->public_key_info();
}

Result<bool> finish_replacement(const HolderFiles& files) {
  if (!is_half_replaced(files)) return false;
  TRY(take_place(files.certificate));
  return true;
}

}  // namespace signet::tool
