#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "apps/signetd/condition.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace signet::server {

/// Has the store read through piece by piece, round after round, so that damage shows before a
/// request meets it. What was found stays so until a whole round finds nothing. Safe for many
/// threads.
class StoreWatch {
 public:
  struct Parts {
    /// Reads a piece; true: the last of a round. Faults: malformed: the store is damaged.
    std::function<Result<bool>()> read_piece;
    const Clock& clock;
    Log& log;
  };
  explicit StoreWatch(Parts parts) : parts_(std::move(parts)) {}

  /// Reads the next piece. The pause until the one after.
  std::chrono::milliseconds look();

  struct Known {
    bool is_damaged = false;
    std::optional<Time> read_through;  ///< when a round last came to its end, with nothing found
  };
  [[nodiscard]] Known known() const;
  [[nodiscard]] Condition condition() const;

 private:
  std::chrono::milliseconds note(const Error& failure);
  void note_whole();

  const Parts parts_;
  std::string told_;  ///< what the log was told; by whom looks alone
  mutable std::mutex mutex_;
  Known known_;
};

}  // namespace signet::server
