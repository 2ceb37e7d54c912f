#include "apps/signetd/client_limits.h"

#include "apps/signetd/text_answer.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::server {
namespace {

using LimitClock = listener::RateLimiter::Clock;

http::Response come_later(std::chrono::seconds wait) {
  const auto seconds = std::to_string(wait.count());
  auto response = text(
      429, "Too many requests of one client; nothing was done. Ask again after " + seconds + " s.");
  response.headers.emplace_back("Retry-After", seconds);
  return response;
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
      refused_(log, Log::Level::warning, "request_refused") {}

std::optional<http::Response> ClientLimits::refuse(const http::Request& request,
                                                   LimitClock::time_point now) {
  if (is_always_answered(request)) return std::nullopt;
  const auto& certificate = request.client_certificate;
  const auto hash = certificate ? crypto::sha256(*certificate) : Bytes();
  const bool by_certificate = certificate && is_in_force_(*certificate, hash);
  const auto wait =
      by_certificate ? refuse(CountedBy::certificate, to_hex(hash), now)
                     : refuse(CountedBy::address, listener::client_of(request.client_address), now);
  if (!wait) return std::nullopt;
  return come_later(*wait);
}

bool ClientLimits::refuses(std::string_view address, LimitClock::time_point now) {
  return refuse(CountedBy::address, listener::client_of(address), now).has_value();
}

std::optional<std::chrono::seconds> ClientLimits::refuse(CountedBy by, const std::string& client,
                                                         LimitClock::time_point now) {
  const bool by_certificate = by == CountedBy::certificate;
  const std::string kind = by_certificate ? "certificate" : "address";
  const auto name = kind + " " + client;
  const auto wait = (by_certificate ? of_certificate_ : of_address_).refuse(name, now);
  if (!wait) return std::nullopt;
  metrics_.refused_by_limit(kind);
  refused_.add(name, "too many requests of one client", now);
  return wait;
}

http::Server::Respond within(ClientLimits& limits, http::Server::Respond respond) {
  return [&limits, respond = std::move(respond)](http::Request request, http::Server::Reply reply) {
    if (auto refusal = limits.refuse(request, LimitClock::now())) {
      return reply(*std::move(refusal));
    }
    respond(std::move(request), std::move(reply));
  };
}

tcp::Server::Respond within(ClientLimits& limits, tcp::Server::Respond respond) {
  return [&limits, respond = std::move(respond)](tcp::Message message, tcp::Server::Reply reply) {
    if (limits.refuses(message.client_address, LimitClock::now())) return reply(std::nullopt);
    respond(std::move(message), std::move(reply));
  };
}

}  // namespace signet::server
