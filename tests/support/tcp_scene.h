#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/tcp/server.h"
#include "support/eventually.h"
#include "support/unwrap.h"

namespace signet::tcp {

inline const Bytes kMessage{0x30, 0x02, 0x05, 0x00};  ///< of which it is not told what it says

/// An address of this machine that is good on one link alone, with its interface; empty: none.
inline std::string own_link_local_address() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> freed(all, ::freeifaddrs);
  for (const auto* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET6) continue;
    const auto& address = *reinterpret_cast<const sockaddr_in6*>(each->ifa_addr);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr)) continue;
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return std::string(text.data()) + "%" + each->ifa_name;
  }
  return {};
}

/// A client of TCP on loopback that says what it is told to.
class PlainClient {
 public:
  explicit PlainClient(std::uint16_t port, const char* source = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const auto from = address_of(source, 0);
    const auto to = address_of("127.0.0.1", port);
    is_connected_ = ::bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
                    ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~PlainClient() {
    if (socket_ >= 0) ::close(socket_);
  }
  PlainClient(const PlainClient&) = delete;
  PlainClient& operator=(const PlainClient&) = delete;

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  /// False: the server has closed.
  bool say(ByteView octets) {
    while (!octets.empty()) {
      const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      octets = octets.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Goes at once, whatever is under way: the server is told by a reset.
  void vanish() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
  }
  void end_speech() { ::shutdown(socket_, SHUT_WR); }
  /// So many octets, or fewer where the server closes.
  Bytes hear(std::size_t octets) {
    Bytes heard;
    std::uint8_t octet = 0;
    while (heard.size() < octets && hear_octet(octet)) heard.push_back(octet);
    return heard;
  }
  /// Whether the server closes, with nothing said before.
  bool hears_the_end() {
    std::uint8_t octet = 0;
    return !hear_octet(octet);
  }
  /// Whether something comes within so many milliseconds.
  [[nodiscard]] bool hears_something_within(int milliseconds) const {
    pollfd wanted{socket_, POLLIN, 0};
    return ::poll(&wanted, 1, milliseconds) > 0;
  }

 private:
  static sockaddr_in address_of(const char* text, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
  }
  /// False: closed. A server that does neither for half a minute fails the test.
  bool hear_octet(std::uint8_t& octet) {
    if (!hears_something_within(30'000)) {
      ADD_FAILURE() << "the server goes on waiting";
      return false;
    }
    return ::recv(socket_, &octet, 1, 0) == 1;
  }

  int socket_;
  bool is_connected_ = false;
};

/// A server on loopback that answers what `respond` says: what it was asked, where a test says
/// nothing.
class TcpTest : public ::testing::Test {
 protected:
  void serve() {
    server = test::unwrap(Server::start(
        settings,
        [this](Message message, Server::Reply reply) {
          respond(std::move(message), std::move(reply));
        },
        log));
  }

  ServerSettings settings;
  SilentLog log;
  std::function<void(Message, Server::Reply)> respond =
      [](Message message, const Server::Reply& reply) { reply(std::move(message.octets)); };
  std::unique_ptr<Server> server;
};

}  // namespace signet::tcp
