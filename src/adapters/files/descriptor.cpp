#include "adapters/files/descriptor.h"

#include <filesystem>
#include <system_error>

namespace signet::files {
namespace {

constexpr int kAsItIs = O_NOFOLLOW | O_NONBLOCK;

Descriptor open_in(int folder, const std::string& name, int flags) {
  return Descriptor(
      uninterrupted([&] { return ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | flags); }));
}

}  // namespace

Descriptor open_as_it_is(const std::string& path) {
  return open_in(AT_FDCWD, path, kAsItIs);
}

Descriptor open_below(const std::string& begin, const std::string& name) {
  const std::filesystem::path path(name);
  auto folder = open_in(AT_FDCWD, begin, O_DIRECTORY);
  for (const auto& each : path.parent_path()) {
    if (!folder.is_open()) return folder;
    folder = open_in(folder.number(), each, O_DIRECTORY | O_NOFOLLOW);
  }
  if (!folder.is_open()) return folder;
  return open_in(folder.number(), path.filename(), kAsItIs);
}

void hold_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest number that is free: this one.
    static_cast<void>(::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

Error system_error(std::string_view what, const std::string& path) {
  const auto reason = std::generic_category().message(errno);
  return {Fault::storage_failed, "cannot " + std::string(what) + " " + path + ": " + reason};
}

Result<void> write_all(const Descriptor& file, const std::string& path, ByteView octets) {
  while (!octets.empty()) {
    const auto written =
        uninterrupted([&] { return ::write(file.number(), octets.data(), octets.size()); });
    if (written < 0) return system_error("write", path);
    octets = octets.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const auto name = parent.empty() ? std::string(".") : parent.string();
  const Descriptor directory(
      uninterrupted([&] { return ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!directory.is_open()) return system_error("open the directory", name);
  if (::fsync(directory.number()) != 0) return system_error("sync the directory", name);
  return {};
}

}  // namespace signet::files
