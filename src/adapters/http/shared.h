#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <utility>

#include "adapters/http/server.h"
#include "adapters/listener/connections.h"

/// What all connections of one server share. Private to this room.
namespace signet::http {

struct Shared : listener::Connections {
  using Tls = std::shared_ptr<boost::asio::ssl::context>;
  Shared(const ServerSettings& given, Server::Respond answer, Tls context, Log& log)
      : Connections(given, log),
        maximum_body_octets(given.maximum_body_octets),
        respond(std::move(answer)),
        handshakes_failed(log, Log::Level::warning, "handshake_failed"),
        cut_off(log, Log::Level::warning, "answer_withdrawn"),
        tls_(std::move(context)) {}

  const std::size_t maximum_body_octets;
  const Server::Respond respond;
  listener::Tally handshakes_failed;  ///< by what TLS itself refuses, not by whoever just leaves
  listener::Tally cut_off;            ///< whose response was withdrawn (SharedBody)

  /// For a new connection; null: plain HTTP.
  [[nodiscard]] Tls tls() {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
  }
  /// For those from here on. Connections that there are have OpenSSL's own hold on the old one.
  void replace_tls(Tls next) {
    const std::lock_guard lock(tls_mutex_);
    tls_.swap(next);
  }

 private:
  std::mutex tls_mutex_;
  Tls tls_;
};

}  // namespace signet::http
