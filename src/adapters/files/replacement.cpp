#include "adapters/files/replacement.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>

namespace signet::files {
namespace {

constexpr std::string_view kEnd = ".new";

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

}  // namespace signet::files
