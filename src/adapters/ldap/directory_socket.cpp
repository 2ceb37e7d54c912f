#include "adapters/ldap/directory_socket.h"

#include <fcntl.h>
#include <ldap.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace signet::ldap {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Places = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;
using Url = std::unique_ptr<LDAPURLDesc, decltype(&::ldap_free_urldesc)>;

Error not_connected(const std::string& uri, const std::string& why) {
  return {Fault::directory_unreachable, uri + ": connect: " + why};
}

Result<Places> find_places(const std::string& uri) {
  LDAPURLDesc* raw = nullptr;
  if (::ldap_url_parse(uri.c_str(), &raw) != LDAP_URL_SUCCESS) {
    return not_connected(uri, "no address of a directory");
  }
  const Url url(raw, ::ldap_free_urldesc);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int failed =
      ::getaddrinfo(url->lud_host, std::to_string(url->lud_port).c_str(), &wanted, &found);
  if (failed != 0) return not_connected(uri, ::gai_strerror(failed));
  return Places(found, ::freeaddrinfo);
}

int count(const addrinfo* places) {
  int all = 0;
  for (; places != nullptr; places = places->ai_next) ++all;
  return all;
}

/// The error that connecting ended with; 0: connected.
int wait_until_connected(int socket, Milliseconds at_most) {
  pollfd wanted{socket, POLLOUT, 0};
  const int ready = ::poll(&wanted, 1, static_cast<int>(at_most.count()));
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

/// As the library makes its own; and what is sent and not taken for so long ends the connection,
/// as of a directory that reads no more: the library's time-out is for answers alone.
void set_options(int socket, Milliseconds timeout) {
  const int yes = 1;
  const auto unacknowledged = static_cast<unsigned int>(timeout.count());
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof unacknowledged);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK);
}

}  // namespace

/// Linux wakes who connects, too.
void BreakOff::Shutdown::operator()() const noexcept {
  ::shutdown(socket, SHUT_RDWR);
}

DirectorySocket::~DirectorySocket() {
  break_off_.reset();
  if (number_ >= 0) ::close(number_);
}

Result<DirectorySocket> DirectorySocket::connect(const std::string& uri,
                                                 std::chrono::seconds timeout,
                                                 const std::stop_token& stop) {
  if (stop.stop_requested()) return not_connected(uri, "it was broken off");
  const auto places = TRY(find_places(uri));
  const auto for_each = Milliseconds{timeout} / count(places.get());
  int why = ETIMEDOUT;
  for (const auto* place = places.get(); place != nullptr; place = place->ai_next) {
    DirectorySocket socket(
        ::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (socket.number_ < 0) {
      why = errno;
      continue;
    }
    why = ::connect(socket.number_, place->ai_addr, place->ai_addrlen) == 0 ? 0 : errno;
    // Not sooner: what does not connect yet is not woken.
    socket.break_off_ = std::make_unique<BreakOff>(stop, socket.number_);
    if (why == EINPROGRESS) why = wait_until_connected(socket.number_, for_each);
    if (stop.stop_requested()) return not_connected(uri, "it was broken off");
    if (why != 0) continue;
    set_options(socket.number_, timeout);
    return socket;
  }
  return not_connected(uri, std::generic_category().message(why));
}

}  // namespace signet::ldap
