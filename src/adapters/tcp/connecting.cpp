#include "adapters/tcp/connecting.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace signet::tcp {
namespace {

Error is_not_there(const Address& with, int why) {
  return failed(Fault::directory_unreachable, with,
                "nobody answers at that address and port; is the server running, and does a "
                "firewall stand between? [" +
                    std::string(std::strerror(why)) + "]");
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
                  of.host.find('%') == std::string::npos
                      ? "the host name has no address; check its spelling and the name service"
                      : "this machine has no such interface, or the address is not of one link; "
                        "check what stands behind % (ip address)");
  }
  return Places(found, ::freeaddrinfo);
}

int count(const addrinfo* places) {
  int all = 0;
  for (; places != nullptr; places = places->ai_next) ++all;
  return all;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Wait wait_for(const Descriptor& socket, short events, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return Wait::too_long;
    constexpr std::int64_t kMinute = 60'000;
    pollfd wanted{socket.number(), events, 0};
    if (::poll(&wanted, 1, static_cast<int>(std::min(left, kMinute))) > 0) return Wait::done;
  }
}

Error failed(Fault fault, const Address& with, std::string_view what) {
  return {fault, "tcp://" + to_text(with) + ": " + std::string(what)};
}

Result<Descriptor> connect(const Address& to, std::chrono::seconds timeout) {
  const auto places = TRY(find_places(to));
  return connect_to_first(places.get(), to, timeout);
}

Result<Descriptor> connect_to_first(const addrinfo* places, const Address& named,
                                    std::chrono::seconds timeout) {
  const auto until = Clock::now() + timeout;
  int why = ETIMEDOUT;
  for (const auto* place = places; place != nullptr; place = place->ai_next) {
    Descriptor socket(
        ::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (socket.number() < 0) continue;
    const auto now = Clock::now();
    why = connect_to(socket, *place, now + (until - now) / count(place));
    if (why != 0) continue;
    const int yes = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return socket;
  }
  return is_not_there(named, why);
}

}  // namespace signet::tcp
