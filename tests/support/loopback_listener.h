#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "base/check.h"

namespace signet::test {

/// A socket that listens on a free port of 127.0.0.1 and, by itself, never says anything.
class LoopbackListener {
 public:
  LoopbackListener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(socket_, generic, size) == 0 && ::listen(socket_, 4) == 0 &&
          ::getsockname(socket_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackListener() { ::close(socket_); }
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// To accept from, or to shut down.
  [[nodiscard]] int socket() const { return socket_; }

 private:
  int socket_;
  int port_ = 0;
};

/// A port that nobody listens on.
inline int free_port() {
  return LoopbackListener{}.port();
}

}  // namespace signet::test
