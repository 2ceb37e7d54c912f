#pragma once

#include <string>
#include <vector>

#include "adapters/files/descriptor.h"

namespace signet::files {

/// A new file beside its destination, mode 0600, of a name that nothing else has and that ends with
/// ".new"; removed unless it took that one's place. Faults of all: storage_failed.
class Replacement {
 public:
  static Result<Replacement> beside(const std::string& path);
  Replacement(Replacement&&) = default;
  Replacement& operator=(Replacement&&) = delete;
  ~Replacement();

  [[nodiscard]] const Descriptor& file() const { return file_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Octets and mode, on disk.
  Result<void> fill(ByteView octets, mode_t mode);
  /// Whatever is there: files::is_left_in_place tells beforehand what must not be replaced.
  Result<void> take_place_of(const std::string& path);
  /// It stays where it is.
  void stay() { file_ = Descriptor(); }

 private:
  Replacement(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  Descriptor file_;
  std::string name_;
};

/// The files that stand beside `path` under a name as Replacement gives: of a process at work, or
/// of one that was killed. By their paths, in order.
std::vector<std::string> replacements_beside(const std::string& path);

}  // namespace signet::files
