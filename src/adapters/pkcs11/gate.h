#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

namespace signet::pkcs11 {

/// Lets many in at once, or one alone. Who wants it alone comes first: a std::shared_mutex may let
/// others come and go in front of it for ever. Who is inside must not come in a second time.
/// Nobody waits for ever: who is inside, alone or not, may be held there by a device.
class Gate {
 public:
  static constexpr std::chrono::milliseconds kPatience{5000};
  explicit Gate(std::chrono::milliseconds patience = kPatience) : patience_(patience) {}

  /// Alone. Not, when somebody stays inside for longer than the patience.
  [[nodiscard]] bool try_lock();
  void unlock();
  /// Beside others. Not, when the gate stays closed, or was closed already, for longer than the
  /// patience: of many that come to a gate that does not open, only the first ones wait.
  [[nodiscard]] bool try_lock_shared();
  void unlock_shared();

 private:
  [[nodiscard]] bool is_open() const { return waiting_ == 0 && !alone_; }

  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;  ///< to be alone
  bool alone_ = false;
  std::chrono::steady_clock::time_point closed_at_;
};

}  // namespace signet::pkcs11
