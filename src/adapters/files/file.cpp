#include "adapters/files/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "adapters/files/descriptor.h"
#include "adapters/files/replacement.h"

namespace signet::files {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPublicMode = 0644;
constexpr mode_t kSecretMode = 0600;
constexpr std::size_t kPieceOctets = 64 * 1024;
// A line that a person typed; PBKDF2 takes longer ones, but such a file is surely another one.
constexpr std::size_t kMostPassphraseOctets = 4096;

Result<Descriptor> open_to_read(const std::string& path) {
  Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!file.is_open()) return system_error("open", path);
  return file;
}

/// Reads until `room` is full or the file ends; gives the octets read.
Result<std::size_t> read_into(const Descriptor& file, const std::string& path,
                              std::span<std::uint8_t> room) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const auto rest = room.subspan(filled);
    const auto got = uninterrupted([&] { return ::read(file.number(), rest.data(), rest.size()); });
    if (got < 0) return system_error("read", path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Error over(const std::string& path, std::size_t most) {
  return {Fault::too_large, path + " holds more than the " + std::to_string(most) +
                                " octets that are read of such a file"};
}

constexpr std::string_view kOwnDescriptors = "/proc/self/fd";

/// What stands where a file is to go, and is none to be replaced.
struct Other {
  struct stat state {};
  bool is_link = false;             ///< one that leads on
  std::optional<int> descriptor{};  ///< of this process, which holds it: /dev/stdout, /dev/fd/1

  [[nodiscard]] mode_t type() const { return state.st_mode & S_IFMT; }
  [[nodiscard]] bool is_same(const struct stat& other) const {
    return state.st_dev == other.st_dev && state.st_ino == other.st_ino &&
           type() == (other.st_mode & S_IFMT);
  }
};

/// Links are followed in these two folders alone, which are nobody's to put links into.
bool leads_on(const fs::path& folder) {
  std::error_code ignored;
  return folder == "/dev" || folder == fs::canonical(kOwnDescriptors, ignored);
}

std::optional<int> number_from(const std::string& text) {
  int number = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "/dev/stdout" leads to "/proc/self/fd/1", which is descriptor 1.
std::optional<int> descriptor_of(const fs::path& link, const fs::path& folder) {
  if (folder != "/dev") return number_from(link.filename());
  std::error_code ignored;
  const auto target = fs::read_symlink(link, ignored);
  if (target.parent_path() != kOwnDescriptors) return std::nullopt;
  return number_from(target.filename());
}

/// A link anywhere else is replaced, whatever it points to.
std::optional<Other> not_a_file(const std::string& path) {
  Other other;
  if (::lstat(path.c_str(), &other.state) != 0 || S_ISREG(other.state.st_mode)) return std::nullopt;
  if (!S_ISLNK(other.state.st_mode)) return other;
  std::error_code ignored;
  const auto name = fs::absolute(path, ignored);
  const auto folder = fs::canonical(name.parent_path(), ignored);
  if (!leads_on(folder) || ::stat(path.c_str(), &other.state) != 0) return std::nullopt;
  other.is_link = true;
  other.descriptor = descriptor_of(name, folder);
  return other;
}

/// A secret goes where a file is its owner's alone, or where nobody could read it later: to a
/// device, or a pipe that this process was given.
bool may_take(const Other& other, mode_t mode) {
  const bool held = other.descriptor.has_value();
  if (other.type() == S_IFCHR) return true;
  if (mode == kSecretMode) return other.type() == S_IFIFO && held;
  return other.type() == S_IFIFO || (other.type() == S_IFREG && held);
}

/// What is held is not opened anew: writing then goes on where the process itself writes, instead
/// of over what it writes next.
Descriptor open_to_write(const std::string& path, const Other& other) {
  if (other.descriptor) {
    std::fflush(stdout);  // what was said before stays before
    return Descriptor(::fcntl(*other.descriptor, F_DUPFD_CLOEXEC, 0));
  }
  const int flags = O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC | (other.is_link ? 0 : O_NOFOLLOW);
  return Descriptor(uninterrupted([&] { return ::open(path.c_str(), flags); }));
}

/// It stays what it is: /dev/null is never replaced by a file.
Result<void> write_through(const std::string& path, ByteView octets, const Other& other,
                           mode_t mode) {
  if (!may_take(other, mode)) {
    return Error{Fault::storage_failed,
                 path + " is no file, and is not written to or replaced: name another one"};
  }
  const auto file = open_to_write(path, other);
  if (!file.is_open()) return system_error("open", path);
  struct stat opened {};
  if (::fstat(file.number(), &opened) != 0) return system_error("look at", path);
  if (!other.is_same(opened)) {
    return Error{Fault::storage_failed, path + " became another one while it was opened"};
  }
  return write_all(file, path, octets);
}

Result<void> write_with_mode(const std::string& path, ByteView octets, mode_t mode) {
  if (const auto other = not_a_file(path)) return write_through(path, octets, *other, mode);
  auto replacement = TRY(Replacement::beside(path));
  TRY(replacement.fill(octets, mode));
  return replacement.take_place_of(path);
}

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode));
  return text;
}

std::string_view first_line(std::string_view text) {
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<Bytes> read_file(const std::string& path, std::size_t most) {
  const auto file = TRY(open_to_read(path));
  Bytes octets;
  std::size_t filled = 0;
  while (filled == octets.size()) {
    if (filled > most) return over(path, most);
    octets.resize(std::min(filled + kPieceOctets, most + 1));
    filled += TRY(read_into(file, path, std::span(octets).subspan(filled)));
  }
  octets.resize(filled);
  return octets;
}

Result<void> check_is_private(const std::string& path) {
  struct stat state {};
  if (::stat(path.c_str(), &state) != 0) return system_error("look at", path);
  const mode_t allowed = state.st_uid == 0 ? S_IRWXU | S_IRGRP : S_IRWXU;
  if ((state.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) & ~allowed) == 0) return {};
  return Error{Fault::bad_configuration,
               path + " holds a secret, and others than its owner may use it (mode " +
                   octal(state.st_mode & 07777) + "): chmod 600 " + path};
}

Result<SecretBytes> read_private_file(const std::string& path) {
  TRY(check_is_private(path));
  return SecretBytes(TRY(read_file(path)));
}

Result<void> write_file(const std::string& path, ByteView octets) {
  return write_with_mode(path, octets, kPublicMode);
}

Result<void> write_secret_file(const std::string& path, ByteView octets) {
  return write_with_mode(path, octets, kSecretMode);
}

bool is_left_in_place(const std::string& path) {
  return not_a_file(path).has_value();
}

bool is_standard_output(const std::string& path) {
  const auto other = not_a_file(path);
  struct stat output {};
  return other && other->descriptor && ::fstat(STDOUT_FILENO, &output) == 0 &&
         other->is_same(output);
}

Result<SecretBytes> read_passphrase_file(const std::string& path) {
  const auto file = TRY(open_to_read(path));
  SecretBytes passphrase;
  Bytes room(kMostPassphraseOctets);
  const auto filled = read_into(file, path, room);
  if (filled) passphrase = SecretBytes(first_line(as_text(ByteView(room).first(*filled))));
  wipe(room);
  if (!filled) return filled.error();
  if (*filled == room.size()) return over(path, kMostPassphraseOctets - 1);
  return passphrase;
}

}  // namespace signet::files
