#include "adapters/files/replacement.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace signet::files {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnd = ".new";
constexpr std::size_t kDrawnLetters = 6;  // mkostemps draws them, of letters and digits

/// "signet.backup.a1B2c3.new" for "signet.backup".
bool is_named_beside(std::string_view name, std::string_view target) {
  if (name.size() != target.size() + 1 + kDrawnLetters + kEnd.size()) return false;
  const auto drawn = name.substr(target.size() + 1, kDrawnLetters);
  return name.starts_with(target) && name[target.size()] == '.' && name.ends_with(kEnd) &&
         std::all_of(drawn.begin(), drawn.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9');
         });
}

}  // namespace

Result<Replacement> Replacement::beside(const std::string& path) {
  auto name = path + ".XXXXXX" + std::string(kEnd);
  // Made with O_EXCL and mode 0600: nobody else can have opened or linked it.
  Descriptor file(uninterrupted(
      [&] { return ::mkostemps(name.data(), static_cast<int>(kEnd.size()), O_CLOEXEC); }));
  if (!file.is_open()) return system_error("make a file beside", path);
  return Replacement(std::move(file), std::move(name));
}

Replacement::~Replacement() {
  if (file_.is_open()) ::unlink(name_.c_str());
}

Result<void> Replacement::fill(ByteView octets, mode_t mode) {
  if (::fchmod(file_.number(), mode) != 0) return system_error("set the mode of", name_);
  TRY(write_all(file_, name_, octets));
  if (::fsync(file_.number()) != 0) return system_error("sync", name_);
  return {};
}

Result<void> Replacement::take_place_of(const std::string& path) {
  if (std::rename(name_.c_str(), path.c_str()) != 0) return system_error("replace", path);
  file_ = Descriptor();
  return sync_directory_of(path);
}

std::vector<std::string> replacements_beside(const std::string& path) {
  const fs::path target(path);
  const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename();
    if (!is_named_beside(name.string(), target.filename().string())) continue;
    found.push_back((target.parent_path() / name).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace signet::files
