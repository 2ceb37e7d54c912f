#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "support/loopback_listener.h"

namespace signet::test {

/// A directory that answers the first requests of a connection, and then takes what comes and says
/// nothing more.
class SilentDirectory {
 public:
  // RFC 4511: what succeeded, by the number of the request.
  static Bytes bound(std::uint8_t request = 1) { return success(request, 0x61); }
  static Bytes modified(std::uint8_t request) { return success(request, 0x67); }
  static Bytes tls_started() { return success(1, 0x78); }

  explicit SilentDirectory(std::vector<Bytes> answers)
      : answers_(std::move(answers)), thread_([this] { serve(); }) {}
  ~SilentDirectory() {
    ::shutdown(listener_.socket(), SHUT_RDWR);
    thread_.join();
  }
  SilentDirectory(const SilentDirectory&) = delete;
  SilentDirectory& operator=(const SilentDirectory&) = delete;

  [[nodiscard]] std::string uri(const std::string& scheme = "ldap") const {
    return scheme + "://127.0.0.1:" + std::to_string(listener_.port());
  }
  /// Until a request has come that is not answered; once.
  void wait_until_silent() { is_silent_.get_future().wait(); }

 private:
  static Bytes success(std::uint8_t request, std::uint8_t operation) {
    return {0x30, 0x0C, 2, 1, request, operation, 7, 10, 1, 0, 4, 0, 4, 0};
  }
  void serve() {
    const auto next = [this] { return ::accept(listener_.socket(), nullptr, nullptr); };
    for (int peer = next(); peer >= 0; peer = next()) {
      answer(peer);
      ::close(peer);
    }
  }
  void answer(int peer) {
    char request[8000];
    for (const auto& each : answers_) {
      if (::recv(peer, request, sizeof request, 0) <= 0) return;
      CHECK(::send(peer, each.data(), each.size(), MSG_NOSIGNAL) > 0);
    }
    if (::recv(peer, request, sizeof request, 0) <= 0) return;
    if (!std::exchange(was_silent_, true)) is_silent_.set_value();
    while (::recv(peer, request, sizeof request, 0) > 0) {
    }
  }

  const std::vector<Bytes> answers_;
  LoopbackListener listener_;
  bool was_silent_ = false;
  std::promise<void> is_silent_;
  std::thread thread_;  ///< ends before what it listens on
};

}  // namespace signet::test
