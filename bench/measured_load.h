#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <span>

#include "requests.h"

namespace signet::bench {

/// Sends messages over several connections, which stay open from one sending to the next, and takes
/// their times. Ends the program when one of them is not answered with 200.
class MeasuredLoad {
 public:
  struct Settings {
    Way way;
    std::size_t connections;
    bool handshakes;  ///< a connection of its own for each message
  };
  MeasuredLoad(const Trial& trial, const Requester& requester, Settings settings);

  /// Milliseconds of each, in no order. `per_second` 0: as fast as it goes; else a message is due
  /// at each beat, and its time counts from there, late or not.
  std::vector<double> send(std::span<const Enrollment> messages, double per_second = 0);

 private:
  using Stopwatch = std::chrono::steady_clock;

  /// One thread: its own message first, so that so many messages open so many connections.
  void work(std::size_t own);
  [[nodiscard]] Stopwatch::time_point wait_for_turn(std::size_t message) const;
  void enroll(http::Transport& transport, const Enrollment& asked) const;
  [[nodiscard]] Bytes post(http::Transport& transport, ByteView message) const;

  const Requester& requester_;
  const Settings settings_;
  const std::string url_;
  std::vector<std::unique_ptr<http::Transport>> transports_;  ///< one for each thread
  std::span<const Enrollment> messages_;
  std::chrono::duration<double> beat_{0};
  Stopwatch::time_point start_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::vector<double> took_;
};

}  // namespace signet::bench
