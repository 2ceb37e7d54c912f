#pragma once

#include <chrono>
#include <mutex>
#include <optional>

namespace signet::ldap {

/// With a directory that lets its askers wait until their time is out. Who waits holds a thread of
/// the server: so for a while nobody asks, then one alone, until it answers. Safe for many threads.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kRest{10};

  /// Whether to ask now. Who may says what came of it, by one of the others.
  [[nodiscard]] bool may_ask(Clock::time_point now);
  /// It said something, be it no.
  void was_answered();
  void was_left_waiting(Clock::time_point now);

 private:
  std::mutex mutex_;
  std::optional<Clock::time_point> silent_until_;  ///< none: it answers
  bool is_tried_ = false;                          ///< by one, though it was silent
};

}  // namespace signet::ldap
