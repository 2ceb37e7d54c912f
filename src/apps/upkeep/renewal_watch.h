#pragma once

#include <vector>

#include "apps/folder/authority_folder.h"

namespace signet::tool {

/// Sees `signet ca renew` or `rollover` at work while the files of an authority are copied: a key
/// that was copied after it took its place, and its certificate before, are of no use to anybody.
class RenewalWatch {
 public:
  /// Faults: busy when a certificate waits for the key that took its place already, which says
  /// what to do.
  static Result<RenewalWatch> begin(const AuthorityFolder& folder);
  /// Whether every key and certificate is the file that it was. Faults: busy.
  [[nodiscard]] Result<void> end() const;

 private:
  /// A file, told apart from one that took its place.
  struct Mark {
    std::string path;
    std::uint64_t inode = 0;
    std::int64_t changed_at = 0;  ///< nanoseconds
    bool operator==(const Mark&) const = default;
  };
  static Mark mark_of(const std::string& path);

  explicit RenewalWatch(std::vector<Mark> marks) : marks_(std::move(marks)) {}
  std::vector<Mark> marks_;
};

}  // namespace signet::tool
