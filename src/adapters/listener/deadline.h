#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

#include "adapters/listener/connections.h"
#include "adapters/listener/socket.h"

namespace signet::listener {

/// Who takes a large answer more slowly is not waited for.
inline constexpr std::size_t kLeastOctetsPerSecond = 64 * 1024;
/// For the peer to read the last answer and close.
inline constexpr std::chrono::seconds kFarewell{2};

/// By when what is under way on a connection must have ended, or it is closed. The timer is moved
/// only when it would fire too late; when it fires too early, it looks again. Part of the
/// connection, whose executor calls all of it.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  Deadline(Connection& of, const Socket::executor_type& executor) : of_(of), timer_(executor) {}

  void expire_in(std::chrono::seconds time);
  void expire_never() { at_ = kNever; }
  [[nodiscard]] Clock::time_point at() const { return at_; }
  /// For an answer of which `taken` octets are gone: a second more than `least` for each 64 KiB.
  void extend(Clock::time_point least, std::size_t taken) {
    at_ = least + std::chrono::seconds(taken / kLeastOctetsPerSecond);
  }

 private:
  static constexpr auto kNever = Clock::time_point::max();
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                  Socket::executor_type>;
  void watch();
  void look();

  Connection& of_;
  Timer timer_;
  Clock::time_point at_ = kNever;
  bool is_watched_ = false;  ///< the timer runs
};

}  // namespace signet::listener
