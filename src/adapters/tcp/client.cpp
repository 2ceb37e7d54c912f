#include "adapters/tcp/client.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "adapters/tcp/connecting.h"
#include "adapters/tcp/delimiter.h"

namespace signet::tcp {
namespace {

constexpr std::size_t kReadOctets = 16 * 1024;

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
      return failed(Fault::malformed, to,
                    "more came behind the answer: what answers there is no server of CMC over TCP");
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
    auto connected = TRY(connect(to, settings.connect_timeout));
    line.emplace(Line{to, std::move(connected)});
  }
  const auto until = Clock::now() + settings.timeout;
  TRY(line->send(message, until));
  auto answer = TRY(line->receive(settings.most_octets, until));
  kept_->line = std::move(line);
  return answer;
}

}  // namespace signet::tcp
