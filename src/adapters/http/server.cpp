#include "adapters/http/server.h"

#include "adapters/http/connection.h"
#include "adapters/http/tls.h"
#include "adapters/listener/listener.h"

namespace signet::http {
namespace {

/// Null for plain HTTP.
Result<Shared::Tls> tls_of(const ServerSettings& settings) {
  if (settings.protection == Protection::plain) return Shared::Tls();
  return std::make_shared<boost::asio::ssl::context>(TRY(make_tls_context(settings)));
}

}  // namespace

struct Server::Impl {
  std::shared_ptr<Shared> shared;
  std::unique_ptr<listener::Listener> listener;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

Result<void> Server::check(const ServerSettings& settings) {
  TRY(tls_of(settings));
  return {};
}

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, Respond respond, Log& log) {
  auto tls = TRY(tls_of(settings));
  auto shared = std::make_shared<Shared>(settings, std::move(respond), std::move(tls), log);
  const auto serve = [shared](Socket socket, listener::Peer peer) {
    serve_connection(std::move(socket), shared, std::move(peer));
  };
  auto listening = TRY(listener::Listener::start(shared, serve, log));
  return std::unique_ptr<Server>(
      new Server(std::make_unique<Impl>(Impl{std::move(shared), std::move(listening)})));
}

Result<void> Server::use_certificate(const ServerSettings& settings) {
  impl_->shared->replace_tls(TRY(tls_of(settings)));
  return {};
}

std::uint16_t Server::port() const {
  return impl_->listener->port();
}

std::size_t Server::connections() const {
  return impl_->shared->count();
}

std::uint64_t Server::refused_connections() const {
  return impl_->shared->refused.count();
}

std::uint64_t Server::failed_handshakes() const {
  return impl_->shared->handshakes_failed.count();
}

void Server::stop_accepting() {
  impl_->listener->stop_accepting();
}

void Server::drain(std::chrono::seconds grace) {
  impl_->listener->drain(grace);
}

}  // namespace signet::http
