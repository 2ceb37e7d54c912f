#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace signet::tcp {

//= F19 RFC 10003 §7: port 5318 is the registered one
inline constexpr std::uint16_t kRegisteredPort = 5318;

struct Address {
  std::string host;  ///< name or IP address, of IPv6 without brackets; "%eth0" behind it: its zone
  std::uint16_t port = 0;

  bool operator==(const Address&) const = default;
};

/// Whether a URL begins with tcp://, in capitals or not.
bool is_tcp_url(std::string_view url);
/// "tcp://host", "tcp://host:port", "tcp://[IPv6]:port"; without a port the registered one. An
/// IPv6 address of one link names its interface, "[fe80::1%eth0]" (or "%25eth0", RFC 6874). There
/// is no path: messages alone go over TCP. Faults: bad_configuration.
Result<Address> read_tcp_url(std::string_view url);
/// "host:port", of IPv6 in brackets.
std::string to_text(const Address& address);

}  // namespace signet::tcp
