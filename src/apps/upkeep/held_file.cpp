#include "apps/upkeep/held_file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

bool is_abandoned(const files::Descriptor& file) {
  struct stat about {};
  return file.is_open() && ::fstat(file.number(), &about) == 0 && S_ISREG(about.st_mode) &&
         ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
}

std::vector<fs::path> files_beside(const fs::path& path) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Those that belong to it go first: without it, nothing would tell whose they are.
void remove_with_its_own(const fs::path& file, const std::vector<fs::path>& all,
                         std::vector<std::string>& removed) {
  std::error_code ignored;
  for (const auto& other : all) {
    const bool belongs = other.string().starts_with(file.string() + kBelongsToHeld + ".");
    if (belongs && fs::remove(other, ignored)) removed.push_back(other.string());
  }
  if (fs::remove(file, ignored)) removed.push_back(file.string());
}

}  // namespace

Result<files::Replacement> held_beside(const std::string& path) {
  constexpr int kMostTries = 100;  // each lost to another one that begins at this moment
  for (int tries = 0; tries < kMostTries; ++tries) {
    auto made = TRY(files::Replacement::beside(path));
    files::uninterrupted([&] { return ::flock(made.file().number(), LOCK_EX); });
    // Between its making and its locking, remove_abandoned may have taken it for an old one.
    struct stat about {};
    if (::fstat(made.file().number(), &about) != 0) return files::system_error("hold", made.name());
    if (about.st_nlink > 0) return made;
  }
  return Error{Fault::storage_failed, path + ": somebody removes the files beside it"};
}

std::vector<std::string> remove_abandoned(const std::string& path) {
  const fs::path target(path);
  const auto all = files_beside(target);
  std::vector<std::string> removed;
  for (const fs::path found : files::replacements_beside(path)) {
    const auto file = files::open_as_it_is(found);
    if (is_abandoned(file)) remove_with_its_own(found, all, removed);
  }
  return removed;
}

}  // namespace signet::tool
