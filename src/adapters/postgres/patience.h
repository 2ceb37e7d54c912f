#pragma once

#include <chrono>

namespace signet::postgres {

/// How long a lost database is waited for before what waits for it fails, and how long between two
/// looks. As long as a standby takes to be promoted; shorter than clients wait for their answers.
struct Patience {
  std::chrono::milliseconds most{15'000};
  std::chrono::milliseconds pause{100};
};

/// Counts one wait.
class Waiting {
 public:
  explicit Waiting(Patience patience)
      : patience_(patience), end_(std::chrono::steady_clock::now() + patience.most) {}

  /// Sleeps until the next look. False: the patience is over.
  [[nodiscard]] bool once_more() const;

 private:
  Patience patience_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace signet::postgres
