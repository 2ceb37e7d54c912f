#include "apps/tool/file_pair.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"
#include "adapters/files/replacement.h"
#include "apps/tool/report.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

std::string fresh(const std::string& path) {
  return path + ".new";
}

/// Who may use the old file may use this one, `name`. A group that cannot be kept is no reason to
/// let another one in: our own gets no more than everybody had.
Result<void> give_access(const files::Descriptor& file, const std::string& name,
                         const struct stat& old) {
  // Only root gives files away, where it may; to a group of its own anybody may.
  const bool all_kept = ::fchown(file.number(), old.st_uid, old.st_gid) == 0;
  const bool group_kept =
      all_kept || ::fchown(file.number(), static_cast<uid_t>(-1), old.st_gid) == 0;
  auto mode = old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
  if (!group_kept) mode &= ~mode_t{S_IRWXG} | (mode & S_IRWXO) << 3;
  if (::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0) {
    return files::system_error("set the mode of", name);
  }
  return {};
}

/// A copy that is for whom the file is: else a backup that the server's account makes could not
/// read what root renewed.
Result<void> copy_as_old(const std::string& path, const struct stat& about) {
  const SecretBytes octets(TRY(files::read_file(path)));
  auto copy = TRY(files::Replacement::beside(path + ".old"));
  TRY(copy.fill(octets.view(), S_IRUSR | S_IWUSR));
  TRY(give_access(copy.file(), copy.name(), about));
  return copy.take_place_of(path + ".old");
}

/// The old one is copied, so that its name is never without a file.
Result<void> keep_old(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {};
  const auto copied = copy_as_old(path, about);
  if (copied.ok()) return {};
  return Error{copied.error().fault, path + " cannot be kept as .old: " + copied.error().detail};
}

Result<void> take_over_access(const std::string& path) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return {};
  const files::Descriptor file(files::uninterrupted(
      [&] { return ::open(fresh(path).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!file.is_open()) return files::system_error("open", fresh(path));
  return give_access(file, fresh(path), old);
}

Result<void> take_place(const std::string& path) {
  std::error_code error;
  fs::rename(fresh(path), path, error);
  if (!error) return files::sync_directory_of(path);
  return Error{Fault::storage_failed,
               path + " cannot be replaced by " + fresh(path) + ": " + error.message()};
}

constexpr std::chrono::milliseconds kBetweenLooks{20};

/// A file system that locks no folders leaves each as if it were alone.
bool is_others_turn(const files::Descriptor& folder) {
  const int locked =
      files::uninterrupted([&] { return ::flock(folder.number(), LOCK_EX | LOCK_NB); });
  return locked != 0 && errno == EWOULDBLOCK;
}

Error not_our_turn(const std::string& folder) {
  return {Fault::busy,
          "another program holds the folder " + folder +
              " locked, as a renewal does while it is at work: see which one (lslocks), "
              "and run this again"};
}

}  // namespace

Result<files::Descriptor> wait_for_turn(const HolderFiles& files,
                                        std::chrono::milliseconds patience) {
  auto folder = fs::path{files.certificate}.parent_path().string();
  if (folder.empty()) folder = ".";
  files::Descriptor held(files::uninterrupted(
      [&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!held.is_open()) return files::system_error("open the folder", folder);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (is_others_turn(held)) {
    if (std::chrono::steady_clock::now() >= end) return not_our_turn(folder);
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return held;
}

Result<void> put_aside(const std::string& path, std::vector<std::string>& put) {
  constexpr int kMostTries = 1000;
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return {};
  for (int number = 1; number <= kMostTries; ++number) {
    const auto aside = path + "." + std::to_string(number);
    if (::lstat(aside.c_str(), &about) == 0) continue;
    if (::rename(path.c_str(), aside.c_str()) != 0) return files::system_error("put aside", path);
    put.push_back(aside);
    return {};
  }
  return Error{Fault::storage_failed, path + " is in the way, and " + path + ".1 and so on too"};
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::vector<std::string>> replace_pair(const HolderFiles& files,
                                              const crypto::PrivateKey* key,
                                              const SecretBytes& passphrase,
                                              const std::string& certificates_pem) {
  std::vector<std::string> aside;
  // Of a renewal that was killed, or somebody's who happened to choose that name: not ours to write
  // over.
  if (key != nullptr) TRY(put_aside(fresh(files.key), aside));
  TRY(put_aside(fresh(files.certificate), aside));
  if (key != nullptr) TRY(write_key(fresh(files.key), *key, passphrase));
  TRY(files::write_file(fresh(files.certificate), as_bytes(certificates_pem)));
  if (key != nullptr) TRY(take_over_access(files.key));
  TRY(take_over_access(files.certificate));
  if (key != nullptr) TRY(keep_old(files.key));
  TRY(keep_old(files.certificate));
  if (key != nullptr) TRY(take_place(files.key));
  TRY(take_place(files.certificate));
  return aside;
}

void tell_set_aside(std::ostream& err, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    err << "In the way was what is now " << printable(name)
        << ": a renewal that was killed may have left it; it may hold a key\n";
  }
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
