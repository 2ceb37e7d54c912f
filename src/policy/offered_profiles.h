#pragma once

#include <mutex>

#include "policy/profile.h"

namespace signet::policy {

/// The profiles that are offered now. They may change at any time, all of them at once: whoever
/// decides takes them when it begins and keeps to them to its end. Safe for many threads.
class OfferedProfiles {
 public:
  explicit OfferedProfiles(ProfileSet profiles)
      : profiles_(std::make_shared<const ProfileSet>(std::move(profiles))) {}

  /// Those of now; what they are stays so for as long as they are held.
  [[nodiscard]] std::shared_ptr<const ProfileSet> take() const {
    const std::lock_guard lock(mutex_);
    return profiles_;
  }
  /// From here on these are offered.
  void offer(ProfileSet profiles) {
    auto next = std::make_shared<const ProfileSet>(std::move(profiles));
    const std::lock_guard lock(mutex_);
    profiles_.swap(next);
  }

 private:
  // Held while a pointer is copied. GCC 12's atomic<shared_ptr> locks too, and ThreadSanitizer
  // does not see it.
  mutable std::mutex mutex_;
  std::shared_ptr<const ProfileSet> profiles_;
};

}  // namespace signet::policy
