#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "adapters/listener/rate_limiter.h"

namespace signet::listener {

/// Where connections are taken, how many, and how long one may keep us waiting.
struct Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  /// For a whole request, from its first octet; and for an answer, which has a second more for
  /// each 64 KiB that the client took.
  std::chrono::seconds read_timeout{15};
  std::chrono::seconds idle_timeout{60};  ///< between requests
  /// Of answers of more than a mebibyte, that are for one client each, held at one time; one more
  /// is not sent (a CRL over CMC).
  std::size_t maximum_long_answer_octets = 256 * 1024 * 1024;
  std::size_t maximum_long_answer_octets_of_one = 128 * 1024 * 1024;  ///< of one client, but one
  std::size_t maximum_connections = 1024;
  std::size_t maximum_connections_of_one = 1024;  ///< of one client, see client_of()
  RateLimiter::Settings new_connections = {};     ///< of one client
  unsigned threads = 2;
};

}  // namespace signet::listener
