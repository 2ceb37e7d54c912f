#include "adapters/files/profile_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/files/file.h"

namespace signet::files {
namespace {

namespace fs = std::filesystem;

bool is_profile(const fs::path& path) {
  return path.extension() == ".cfg" && path.filename().string().front() != '.';
}

std::string to_text(const struct timespec& time) {
  return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

/// The time of change too: a file put in another's place may bring an older time of writing.
std::string look_of(const fs::path& path) {
  struct stat seen {};
  if (::stat(path.c_str(), &seen) != 0) return std::strerror(errno);
  return std::to_string(seen.st_ino) + " " + std::to_string(seen.st_size) + " " +
         to_text(seen.st_mtim) + " " + to_text(seen.st_ctim);
}

}  // namespace

Result<std::vector<fs::path>> profile_files(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_profile(entry->path())) paths.push_back(entry->path());
  }
  if (error) return Error{Fault::bad_configuration, folder + ": " + error.message()};
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::vector<store::ProfileFile>> read_profile_folder(const std::string& folder) {
  std::vector<store::ProfileFile> files;
  for (const auto& path : TRY(profile_files(folder))) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {  // a pipe would be waited for
      return Error{Fault::bad_configuration, path.string() + " is no file that can be read"};
    }
    const auto text = TRY(read_file(path));
    files.push_back({path.filename(), std::string(as_text(text))});
  }
  return files;
}

std::string look_of_profile_folder(const std::string& folder) {
  const auto paths = profile_files(folder);
  if (!paths.ok()) return paths.error().detail;
  std::string look;
  for (const auto& path : *paths) look += path.filename().string() + " " + look_of(path) + "\n";
  return look;
}

}  // namespace signet::files
