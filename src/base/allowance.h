#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace signet {

/// How much of something may be held at one time. Safe for many threads.
class Allowance {
 public:
  /// What was taken, given back when the last copy goes; it may outlive the allowance.
  using Held = std::shared_ptr<const void>;

  explicit Allowance(std::size_t most)
      : most_(most), taken_(std::make_shared<std::atomic<std::size_t>>(0)) {}

  /// Null: so much is not left.
  [[nodiscard]] Held take(std::size_t amount);
  [[nodiscard]] std::size_t most() const { return most_; }
  [[nodiscard]] std::size_t taken() const { return *taken_; }

 private:
  const std::size_t most_;
  const std::shared_ptr<std::atomic<std::size_t>> taken_;
};

}  // namespace signet
