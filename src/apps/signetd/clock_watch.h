#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace signet::server {

/// Compares this node's clock with the one that all nodes over one database share: by its own it
/// dates certificates and CRLs. Refuses nothing: which of the two is wrong, it cannot know. Safe
/// for many threads.
class ClockWatch {
 public:
  struct Parts {
    std::function<Result<PreciseTime>()> ask_database;
    const Clock& clock;
    Log& log;
  };
  explicit ClockWatch(Parts parts) : parts_(std::move(parts)) {}

  /// Asks. The pause until the next time.
  std::chrono::milliseconds look();
  /// How far this node's clock is ahead of the database's; none: not known yet.
  [[nodiscard]] std::optional<std::chrono::milliseconds> offset() const;

 private:
  void note(std::chrono::milliseconds offset);

  const Parts parts_;
  bool told_ = false;  ///< that they differ; by whom looks alone
  mutable std::mutex mutex_;
  std::optional<std::chrono::milliseconds> offset_;
};

}  // namespace signet::server
