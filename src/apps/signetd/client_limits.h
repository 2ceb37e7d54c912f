#pragma once

#include <functional>

#include "adapters/http/server.h"
#include "adapters/listener/tally.h"
#include "adapters/tcp/server.h"
#include "apps/signetd/metrics.h"

namespace signet::server {

/// How much one client may ask ([limits]): who shows a certificate that is in force is counted by
/// that, whoever else by the address: a certificate that we would refuse anyhow must not lift the
/// limit of those who have none. Safe for many threads.
class ClientLimits {
 public:
  struct Settings {
    listener::RateLimiter::Settings of_address;
    listener::RateLimiter::Settings of_certificate;
  };
  /// Whether a certificate (DER), whose SHA-256 comes along, is in force; safe for many threads.
  using IsInForce = std::function<bool(ByteView certificate, ByteView hash)>;
  ClientLimits(Settings settings, IsInForce is_in_force, Metrics& metrics, Log& log);

  /// Over TCP, where no certificate is shown: the same by address alone; true: it may not.
  bool refuses(std::string_view address, listener::RateLimiter::Clock::time_point now);

  /// None: it may, and that was counted. Otherwise what to answer: 429, after how long to ask
  /// again, and nothing was looked at. Whether the server is well (/healthz, /metrics) may always
  /// be asked.
  std::optional<http::Response> refuse(const http::Request& request,
                                       listener::RateLimiter::Clock::time_point now);

 private:
  enum class CountedBy { address, certificate };
  std::optional<std::chrono::seconds> refuse(CountedBy by, const std::string& client,
                                             listener::RateLimiter::Clock::time_point now);

  listener::RateLimiter of_address_;
  listener::RateLimiter of_certificate_;
  IsInForce is_in_force_;
  Metrics& metrics_;
  listener::Tally refused_;
};

/// `respond`, for those who keep to the limits.
http::Server::Respond within(ClientLimits& limits, http::Server::Respond respond);
/// The same; who does not is answered nothing.
tcp::Server::Respond within(ClientLimits& limits, tcp::Server::Respond respond);

}  // namespace signet::server
