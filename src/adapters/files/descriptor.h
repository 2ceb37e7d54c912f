#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::files {

/// An open file; closed when it goes. Negative when there is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// Standard input, output and error output that were closed when the process began are taken, by
/// what can neither be read nor written: or the next file or connection would be one of them, and
/// what is said would go there. Called first of all.
void hold_standard_descriptors();

/// A system call, again as long as a signal interrupts it.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

/// Opened to be read, as it stands there: a link at the end of `path` is not followed, a pipe is
/// not waited for. Not open: errno says why.
Descriptor open_as_it_is(const std::string& path);

/// Opened to be read, folder by folder from `begin` on: no link is followed behind that, also none
/// that took the place of a folder meanwhile, and a pipe that took a file's is not waited for. Not
/// open: errno says why.
Descriptor open_below(const std::string& begin, const std::string& name);

/// "cannot read /etc/signet/ca.key: Permission denied", from errno as it stands.
Error system_error(std::string_view what, const std::string& path);

/// Writes all of it, in as many pieces as the system wants. Faults: storage_failed.
Result<void> write_all(const Descriptor& file, const std::string& path, ByteView octets);

/// Makes durable that a name was added to or replaced in the directory of `path`.
/// Faults: storage_failed.
Result<void> sync_directory_of(const std::string& path);

}  // namespace signet::files
