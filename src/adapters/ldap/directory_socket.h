#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "base/result.h"

namespace signet::ldap {

/// Ends what waits for a socket once a stop is requested, from whichever thread; also what begins
/// to wait later. To be gone before the socket is closed: its number may be another's then.
class BreakOff {
 public:
  BreakOff(const std::stop_token& stop, int socket) : callback_(stop, Shutdown{socket}) {}

 private:
  struct Shutdown {
    int socket;
    void operator()() const noexcept;
  };
  std::stop_callback<Shutdown> callback_;
};

/// A TCP connection to the host that `uri` names, blocking. Whoever takes its number closes it,
/// after its BreakOff.
class DirectorySocket {
 public:
  /// Each address of the host has its part of the time. Looking them up is not broken off. Faults:
  /// directory_unreachable; also once a stop was requested.
  static Result<DirectorySocket> connect(const std::string& uri, std::chrono::seconds timeout,
                                         const std::stop_token& stop);
  ~DirectorySocket();
  DirectorySocket(DirectorySocket&& other) noexcept
      : number_(std::exchange(other.number_, -1)), break_off_(std::move(other.break_off_)) {}
  DirectorySocket& operator=(DirectorySocket&&) = delete;

  [[nodiscard]] int number() const { return number_; }
  void take_number() { number_ = -1; }
  std::unique_ptr<BreakOff> take_break_off() { return std::move(break_off_); }

 private:
  explicit DirectorySocket(int number) : number_(number) {}

  int number_;  ///< -1: it was taken
  std::unique_ptr<BreakOff> break_off_;
};

}  // namespace signet::ldap
