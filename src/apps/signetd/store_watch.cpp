#include "apps/signetd/store_watch.h"

#include <utility>

namespace signet::server {
namespace {

// Half a MiB at most each time: 13 GB in two hours, and hardly to be noticed beside requests.
constexpr std::chrono::milliseconds kBetweenPieces{250};
constexpr std::chrono::minutes kBetweenRounds{10};
constexpr std::chrono::minutes kAfterFailedReading{1};

}  // namespace

std::chrono::milliseconds StoreWatch::look() {
  const auto is_last = parts_.read_piece();
  if (!is_last.ok()) return note(is_last.error());
  if (!*is_last) return kBetweenPieces;
  note_whole();
  return kBetweenRounds;
}

/// Once: it stays so until somebody does something about it.
std::chrono::milliseconds StoreWatch::note(const Error& failure) {
  const bool is_damaged = failure.fault == Fault::malformed;
  if (std::exchange(told_, failure.detail) != failure.detail) {
    parts_.log.write(is_damaged ? Log::Level::error : Log::Level::warning,
                     is_damaged ? "store_damaged" : "store_not_read", {{"why", failure.detail}});
  }
  const std::lock_guard lock(mutex_);
  known_.is_damaged = known_.is_damaged || is_damaged;
  return kAfterFailedReading;
}

void StoreWatch::note_whole() {
  told_.clear();
  const std::lock_guard lock(mutex_);
  if (std::exchange(known_.is_damaged, false)) {
    parts_.log.write(Log::Level::info, "store_whole_again", {});
  }
  known_.read_through = parts_.clock.now();
}

StoreWatch::Known StoreWatch::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

Condition StoreWatch::condition() const {
  if (!known().is_damaged) return {};
  // No other node has this store, and what stands on whole pages is still told.
  return {.down = {}, .degraded = {"the store is damaged: see the log"}};
}

}  // namespace signet::server
