#include "adapters/tcp/client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/tcp/delimiter.h"

namespace signet::tcp {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadOctets = 16 * 1024;

/// A socket that never blocks; closed when it goes. Negative when there is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Error failed(Fault fault, const Address& with, std::string_view what) {
  return {fault, "tcp://" + to_text(with) + ": " + std::string(what)};
}

Error was_cut(const Address& with) {
  return failed(Fault::busy, with,
                "the connection was closed before the answer: the server did not take the message "
                "(too large, too many requests), or was ended; send the very same message again, "
                "the server knows it if it was served");
}

Error took_too_long(const Address& with) {
  return failed(
      Fault::busy, with,
      "no answer in time; send the very same message again, the server knows it if it was "
      "served");
}

Error is_not_there(const Address& with, int why) {
  return failed(Fault::directory_unreachable, with,
                "nobody answers at that address and port; is the server running, and does a "
                "firewall stand between? [" +
                    std::string(std::strerror(why)) + "]");
}

enum class Wait { done, too_long };

/// Until the socket can be read or written, or has failed.
Wait wait_for(const Descriptor& socket, short events, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return Wait::too_long;
    constexpr std::int64_t kMinute = 60'000;
    pollfd wanted{socket.number(), events, 0};
    if (::poll(&wanted, 1, static_cast<int>(std::min(left, kMinute))) > 0) return Wait::done;
  }
}

/// The error that connecting ended with; 0: connected.
int connect_to(const Descriptor& socket, const addrinfo& place, Clock::time_point until) {
  if (::connect(socket.number(), place.ai_addr, place.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (wait_for(socket, POLLOUT, until) == Wait::too_long) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

using Places = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Places> find_places(const Address& of) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (::getaddrinfo(of.host.c_str(), std::to_string(of.port).c_str(), &wanted, &found) != 0) {
    return failed(Fault::directory_unreachable, of,
                  "the host name has no address; check its spelling and the name service");
  }
  return Places(found, ::freeaddrinfo);
}

/// To the first of the host's addresses that takes it.
Result<Descriptor> connect(const Address& to, std::chrono::seconds timeout) {
  const auto places = TRY(find_places(to));
  const auto until = Clock::now() + timeout;
  int why = ETIMEDOUT;
  for (const auto* place = places.get(); place != nullptr; place = place->ai_next) {
    Descriptor socket(
        ::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (socket.number() < 0) continue;
    why = connect_to(socket, *place, until);
    if (why != 0) continue;
    const int yes = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return socket;
  }
  return is_not_there(to, why);
}

bool is_passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/// One connection, and whom it leads to.
struct Line {
  Address to;
  Descriptor socket;

  /// Nothing waits to be read, neither octets nor the end.
  [[nodiscard]] bool is_quiet() const {
    std::uint8_t octet = 0;
    return ::recv(socket.number(), &octet, 1, MSG_PEEK) < 0 && is_passing(errno);
  }
  Result<void> send(ByteView message, Clock::time_point until) const;
  Result<Bytes> receive(std::size_t most_octets, Clock::time_point until) const;
};

Result<void> Line::send(ByteView message, Clock::time_point until) const {
  while (!message.empty()) {
    const auto sent = ::send(socket.number(), message.data(), message.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      message = message.subspan(static_cast<std::size_t>(sent));
      continue;
    }
    if (!is_passing(errno)) return was_cut(to);
    if (wait_for(socket, POLLOUT, until) == Wait::too_long) return took_too_long(to);
  }
  return {};
}

//= F16 RFC 10003 §7: the answer is a message as it is; it ends where its BER says
//= F18 RFC 10003 §7: all of it is awaited before anything else is sent
Result<Bytes> Line::receive(std::size_t most_octets, Clock::time_point until) const {
  Delimiter delimiter({.octets = most_octets});
  Bytes answer;
  std::array<std::uint8_t, kReadOctets> piece;
  while (!delimiter.is_whole()) {
    const auto received = ::recv(socket.number(), piece.data(), piece.size(), 0);
    if (received == 0 || (received < 0 && !is_passing(errno))) return was_cut(to);
    if (received < 0) {
      if (wait_for(socket, POLLIN, until) == Wait::too_long) return took_too_long(to);
      continue;
    }
    const auto octets = ByteView(piece).first(static_cast<std::size_t>(received));
    const auto taken = delimiter.take(octets);
    if (!taken.ok()) {
      return failed(taken.error().fault, to,
                    "what answers there sends no CMC message: " + taken.error().detail);
    }
    append(answer, octets.first(*taken));
    if (*taken < octets.size()) {
      return failed(
          Fault::malformed, to,
          std::to_string(octets.size() - *taken) +
              " octets or more came behind the answer: what answers there is no server of "
              "CMC over TCP");
    }
  }
  return answer;
}

}  // namespace

struct Client::Kept {
  std::optional<Line> line;
};

Client::Client() : kept_(std::make_unique<Kept>()) {}

Client::~Client() = default;

//= F17 RFC 10003 §7: the connection is kept for the next message
Result<Bytes> Client::exchange(const Address& to, ByteView message,
                               const ClientSettings& settings) {
  auto line = std::exchange(kept_->line, std::nullopt);
  // One that the server has closed meanwhile, or speaks on unasked, is of no use.
  if (!line || line->to != to || !line->is_quiet()) {
    line.emplace(Line{to, TRY(connect(to, settings.connect_timeout))});
  }
  const auto until = Clock::now() + settings.timeout;
  TRY(line->send(message, until));
  auto answer = TRY(line->receive(settings.most_octets, until));
  kept_->line = std::move(line);
  return answer;
}

}  // namespace signet::tcp
