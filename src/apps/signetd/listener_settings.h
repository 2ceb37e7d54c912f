#pragma once

#include "adapters/tcp/server.h"
#include "apps/configuration/configuration.h"
#include "apps/signetd/client_limits.h"

/// What the configuration says of connections: where they are taken, under what limits.
namespace signet::server {

ClientLimits::Settings client_limits(const Configuration::Limits& limits);
/// None where there is no second listener, without TLS.
std::optional<http::ServerSettings> plain_http_settings(const Configuration& configuration);
/// None where CMC messages are not taken over TCP.
std::optional<tcp::ServerSettings> tcp_settings(const Configuration& configuration);
/// `authorities_pem`: whose certificates TLS clients may show. Faults: those of reading the TLS
/// certificate and key.
Result<http::ServerSettings> http_settings(const Configuration& configuration,
                                           const std::string& authorities_pem);

}  // namespace signet::server
