#pragma once

#include <functional>
#include <string>

#include "adapters/http/transport.h"
#include "adapters/tcp/client.h"
#include "base/clock.h"
#include "base/random_source.h"

namespace signet::tool {

/// What the tool takes from the world around it. Tests bring their own.
struct Surroundings {
  const Clock& clock;
  RandomSource& random;
  /// Opens a connection by these settings and sends one message. Faults: as http::Transport.
  std::function<Result<http::Reply>(http::TransportSettings settings, const std::string& url,
                                    const std::string& content_type, ByteView body)>
      post;
  /// The same by GET, of a URL.
  std::function<Result<http::Reply>(http::TransportSettings settings, const std::string& url)>
      fetch = {};
  /// One message over TCP and its answer. Faults: as tcp::Client.
  std::function<Result<Bytes>(const tcp::Address& to, ByteView message,
                              const tcp::ClientSettings& settings)>
      exchange_over_tcp = {};
};

/// The machine's clock, the system's generator, HTTPS by libcurl; over TCP, one connection
/// that is kept for the next message.
const Surroundings& system_surroundings();

}  // namespace signet::tool
