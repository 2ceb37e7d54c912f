#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <string_view>

#include "base/result.h"

namespace signet::test {

/// What goes wrong.
enum class Mishap {
  none,
  error,         ///< the call fails
  death_before,  ///< SIGKILL before the call
  death_after,   ///< SIGKILL when the call is done
  full_disk,     ///< from the call on, no file may grow
  clock_ahead,   ///< from the call on, the clock is two years ahead
  clock_back,    ///< or behind
};

constexpr std::string_view to_text(Mishap mishap) {
  constexpr std::string_view kNames[] = {"none",      "error",       "death before", "death after",
                                         "full disk", "clock ahead", "clock back"};
  return kNames[static_cast<std::size_t>(mishap)];
}

/// Goes wrong once: at the `step`-th call (from 1) to a part that the server stands on, counted
/// from arm() on. The parts are in faulty_parts.h and faulty_engine.h.
class FaultPlan {
 public:
  FaultPlan() = default;
  FaultPlan(Mishap mishap, std::size_t step) : mishap_(mishap), at_(step) {}

  void arm() { armed_ = true; }
  [[nodiscard]] std::size_t steps() const { return steps_; }
  [[nodiscard]] bool was_reached() const { return at_ > 0 && steps_ >= at_; }

  /// One call to a part, through the plan. Where it fails, it fails with `fault`.
  template <typename Call>
  auto step(Fault fault, Call call) -> decltype(call()) {
    if (!armed_ || ++steps_ != at_) return call();
    if (mishap_ == Mishap::error) return Error{fault, "as the fault plan has it"};
    if (mishap_ == Mishap::death_before) die();
    if (mishap_ == Mishap::full_disk) fill_disk();
    auto result = call();
    if (mishap_ == Mishap::death_after) die();
    return result;
  }
  /// How far the clock is off.
  [[nodiscard]] std::chrono::seconds clock_error() const {
    constexpr std::chrono::days kTwoYears{730};
    if (!was_reached()) return {};
    if (mishap_ == Mishap::clock_ahead) return kTwoYears;
    if (mishap_ == Mishap::clock_back) return -kTwoYears;
    return {};
  }

 private:
  [[noreturn]] static void die() {
    ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  static void fill_disk() {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit nothing{1, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &nothing);
  }

  const Mishap mishap_ = Mishap::none;
  const std::size_t at_ = 0;
  std::atomic<bool> armed_{false};
  std::atomic<std::size_t> steps_{0};
};

}  // namespace signet::test
