#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include "base/bytes.h"

namespace signet::http {

/// The octets of a response that many are told: in memory once, until the last of those has them,
/// or whoever made them wants the memory back. Safe for many threads.
class SharedBody {
 public:
  using Octets = std::shared_ptr<const Bytes>;
  explicit SharedBody(Bytes octets)
      : size_(octets.size()), octets_(std::make_shared<const Bytes>(std::move(octets))) {}

  /// How many there are, or were.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// For no longer than it takes to copy some of them; null: they were withdrawn.
  [[nodiscard]] Octets octets() const {
    const std::lock_guard lock(mutex_);
    return octets_;
  }
  /// Lets go of them. Who has not had all of them is cut off, which a client tells by the
  /// Content-Length.
  void withdraw() {
    Octets last;  // freed without the mutex
    const std::lock_guard lock(mutex_);
    last.swap(octets_);
  }

 private:
  const std::size_t size_;
  mutable std::mutex mutex_;
  Octets octets_;
};

}  // namespace signet::http
