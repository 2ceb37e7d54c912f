#include "apps/signetd/listener_settings.h"

#include "adapters/files/file.h"
#include "apps/signetd/key_files.h"

namespace signet::server {
namespace {

listener::RateLimiter::Settings rate(std::int64_t per_second, const Configuration::Limits& limits) {
  return {
      .per_second = static_cast<double>(per_second),
      .burst = static_cast<double>(std::max<std::int64_t>(1, per_second * limits.burst_seconds))};
}

/// What all listeners have in common.
void limit(listener::Settings& settings, const Configuration& configuration) {
  const auto& given = configuration.http;
  const auto& limits = configuration.limits;
  settings.read_timeout = std::chrono::seconds{given.read_timeout_seconds};
  settings.idle_timeout = std::chrono::seconds{given.idle_timeout_seconds};
  settings.maximum_connections = static_cast<std::size_t>(given.maximum_connections);
  settings.maximum_connections_of_one = limits.address_connections == 0
                                            ? settings.maximum_connections
                                            : static_cast<std::size_t>(limits.address_connections);
  if (limits.address_connections == 0) {
    settings.maximum_long_answer_octets_of_one = settings.maximum_long_answer_octets;
  }
  settings.new_connections = rate(limits.address_connections_per_second, limits);
  settings.threads = static_cast<unsigned>(given.threads);
}

/// What the listeners with and without TLS have in common.
http::ServerSettings limits_of(const Configuration& configuration) {
  http::ServerSettings settings;
  limit(settings, configuration);
  settings.maximum_body_octets = static_cast<std::size_t>(configuration.http.maximum_body_octets);
  return settings;
}

}  // namespace

ClientLimits::Settings client_limits(const Configuration::Limits& limits) {
  return {.of_address = rate(limits.address_requests_per_second, limits),
          .of_certificate = rate(limits.certificate_requests_per_second, limits)};
}

std::optional<http::ServerSettings> plain_http_settings(const Configuration& configuration) {
  const auto& given = configuration.http;
  if (given.plain_port == 0) return std::nullopt;
  auto settings = limits_of(configuration);
  settings.protection = http::Protection::plain;
  settings.address = given.plain_address.empty() ? given.address : given.plain_address;
  settings.port = static_cast<std::uint16_t>(given.plain_port);
  return settings;
}

std::optional<tcp::ServerSettings> tcp_settings(const Configuration& configuration) {
  const auto& given = configuration.tcp;
  if (given.port == 0) return std::nullopt;
  tcp::ServerSettings settings;
  limit(settings, configuration);
  settings.address = given.address.empty() ? configuration.http.address : given.address;
  settings.port = static_cast<std::uint16_t>(given.port);
  settings.message.octets = static_cast<std::size_t>(configuration.http.maximum_body_octets);
  return settings;
}

Result<http::ServerSettings> http_settings(const Configuration& configuration,
                                           const std::string& authorities_pem) {
  const auto& given = configuration.http;
  auto settings = limits_of(configuration);
  settings.address = given.address;
  settings.port = static_cast<std::uint16_t>(given.port);
  settings.certificate_chain_pem = std::string(as_text(TRY(files::read_file(given.certificate))));
  settings.private_key_pem = TRY(files::read_private_file(given.key));
  settings.private_key_passphrase = TRY(read_passphrase(given.key_passphrase_file));
  settings.client_authorities_pem = authorities_pem;
  return settings;
}

}  // namespace signet::server
