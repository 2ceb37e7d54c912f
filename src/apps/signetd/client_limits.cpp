#include "apps/signetd/client_limits.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::server {
namespace {

using LimitClock = http::RateLimiter::Clock;

http::Response come_later(std::chrono::seconds wait) {
  const auto seconds = std::to_string(wait.count());
  return {429,
          "text/plain; charset=utf-8",
          to_bytes("Too many requests of one client; nothing was done. Ask again after " + seconds +
                   " s.\n"),
          {{"Retry-After", seconds}}};
}

bool is_always_answered(const http::Request& request) {
  return request.path == "/healthz" || request.path == "/metrics";
}

}  // namespace

ClientLimits::ClientLimits(Settings settings, IsInForce is_in_force, Metrics& metrics, Log& log)
    : of_address_(settings.of_address),
      of_certificate_(settings.of_certificate),
      is_in_force_(std::move(is_in_force)),
      metrics_(metrics),
      log_(log) {}

std::optional<http::Response> ClientLimits::refuse(const http::Request& request,
                                                   LimitClock::time_point now) {
  if (is_always_answered(request)) return std::nullopt;
  const auto& certificate = request.client_certificate;
  const auto hash = certificate ? crypto::sha256(*certificate) : Bytes();
  const bool by_certificate = certificate && is_in_force_(*certificate, hash);
  const auto client = by_certificate ? "certificate " + to_hex(hash)
                                     : "address " + http::client_of(request.client_address);
  const auto wait = (by_certificate ? of_certificate_ : of_address_).refuse(client, now);
  if (!wait) return std::nullopt;
  metrics_.refused_by_limit(by_certificate ? "certificate" : "address");
  tell(client, now);
  return come_later(*wait);
}

/// Once a second at most: a flood of requests must not become a flood of log lines.
void ClientLimits::tell(const std::string& client, LimitClock::time_point now) {
  const auto tick = now.time_since_epoch().count();
  auto told = told_at_.load();
  if (tick - told < LimitClock::duration(std::chrono::seconds{1}).count()) return;
  if (!told_at_.compare_exchange_strong(told, tick)) return;
  log_.write(Log::Level::warning, "request_refused",
             {{"why", "too many requests of one client"}, {"client", client}});
}

http::Server::Respond within(ClientLimits& limits, http::Server::Respond respond) {
  return [&limits, respond = std::move(respond)](http::Request request, http::Server::Reply reply) {
    if (auto refusal = limits.refuse(request, LimitClock::now())) {
      return reply(*std::move(refusal));
    }
    respond(std::move(request), std::move(reply));
  };
}

}  // namespace signet::server
