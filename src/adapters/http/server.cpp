#include "adapters/http/server.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "adapters/http/connection.h"
#include "adapters/http/tls.h"

namespace signet::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{100};  // when no descriptor is free

/// Null for plain HTTP.
Result<Shared::Tls> tls_of(const ServerSettings& settings) {
  if (settings.protection == Protection::plain) return Shared::Tls();
  return std::make_shared<asio::ssl::context>(TRY(make_tls_context(settings)));
}

/// Whom the peer is counted as; empty when it is gone already.
std::string client_at(const Socket& socket) {
  ErrorCode error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string() : client_of(peer.address().to_string());
}

/// So much of an answer may wait unsent in the kernel, for each connection taken here: what it took
/// tells then what the client took.
void limit_unsent(tcp::acceptor& acceptor) {
  constexpr int kMostUnsentOctets = 128 * 1024;
  ::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMostUnsentOctets,
               sizeof kMostUnsentOctets);
}

}  // namespace

struct Server::Impl {
  Impl(std::shared_ptr<Shared> with, Log& where) : shared(std::move(with)), log(where) {}

  std::shared_ptr<Shared> shared;
  Log& log;
  /// One for each thread: what belongs to a connection stays on its thread.
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::vector<std::thread> threads;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> pause;
  std::size_t next_context = 0;
  std::uint16_t port = 0;

  Result<void> listen();
  void accept();
  void accept_later();
  void take(Socket socket);
  void run(asio::io_context& context);
  void drain(std::chrono::seconds grace);
};

Result<void> Server::Impl::listen() {
  const auto& settings = shared->settings;
  const auto failed = [&](const ErrorCode& error) {
    return Error{Fault::bad_configuration,
                 "cannot listen on " + settings.address + " port " + std::to_string(settings.port) +
                     ": " + error.message() +
                     (error == asio::error::address_in_use ? "; is another server running there?"
                                                           : "; choose another address or port")};
  };
  ErrorCode error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) {
    return Error{Fault::bad_configuration, "\"" + settings.address + "\" is no IP address"};
  }
  const tcp::endpoint endpoint(address, settings.port);
  acceptor.emplace(*contexts.front());
  acceptor->open(endpoint.protocol(), error);
  if (error) return failed(error);
  acceptor->set_option(asio::socket_base::reuse_address(true), error);
  limit_unsent(*acceptor);
  acceptor->bind(endpoint, error);
  if (error) return failed(error);
  acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed(error);
  port = acceptor->local_endpoint().port();
  return {};
}

void Server::Impl::accept() {
  auto& context = *contexts[next_context++ % contexts.size()];
  acceptor->async_accept(context, [this](ErrorCode error, Socket socket) {
    if (!acceptor->is_open()) return;
    if (error) {
      log.write(Log::Level::error, "accept_failed", {{"why", error.message()}});
      return accept_later();
    }
    accept();  // first: what taking this one throws must not end accepting
    take(std::move(socket));
  });
}

/// Descriptors or memory have run out: the connections that there are must end first.
void Server::Impl::accept_later() {
  pause.emplace(*contexts.front(), kAcceptPause);
  pause->async_wait([this](ErrorCode) {
    if (acceptor->is_open()) accept();
  });
}

void Server::Impl::take(Socket socket) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto client = client_at(socket);
  if (const auto why = shared->one_too_many(client); !why.empty()) {
    return shared->refused.add(client, why);
  }
  serve_connection(std::move(socket), shared, std::move(client));
}

/// A thread's loop. What a handler throws (memory ran out) ends its connection, not the server.
void Server::Impl::run(asio::io_context& context) {
  const auto work = asio::make_work_guard(context);
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& thrown) {
      log.write(Log::Level::error, "connection_broken", {{"why", thrown.what()}});
    }
  }
}

void Server::Impl::drain(std::chrono::seconds grace) {
  if (threads.empty()) return;
  shared->draining = true;
  asio::post(*contexts.front(), [this] {
    ErrorCode ignored;
    acceptor->close(ignored);
  });
  for (const auto& connection : shared->living()) connection->close_when_idle();
  {
    std::unique_lock lock(shared->mutex);
    shared->changed.wait_for(lock, grace, [&] { return shared->connections.empty(); });
  }
  for (auto& context : contexts) context->stop();
  for (auto& thread : threads) thread.join();
  threads.clear();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  impl_->drain(std::chrono::seconds{0});
}

Result<void> Server::check(const ServerSettings& settings) {
  TRY(tls_of(settings));
  return {};
}

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, Respond respond, Log& log) {
  auto tls = TRY(tls_of(settings));
  const auto threads = std::max(1U, settings.threads);
  auto impl = std::make_unique<Impl>(
      std::make_shared<Shared>(std::move(settings), std::move(respond), std::move(tls), log), log);
  for (unsigned i = 0; i < threads; ++i) {
    impl->contexts.push_back(std::make_unique<asio::io_context>(1));
  }
  TRY(impl->listen());
  impl->accept();
  for (auto& context : impl->contexts) {
    impl->threads.emplace_back([to = impl.get(), on = context.get()] { to->run(*on); });
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Result<void> Server::use_certificate(const ServerSettings& settings) {
  impl_->shared->replace_tls(TRY(tls_of(settings)));
  return {};
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  const std::lock_guard lock(impl_->shared->mutex);
  return impl_->shared->connections.size();
}

std::uint64_t Server::refused_connections() const {
  return impl_->shared->refused.count();
}

std::uint64_t Server::failed_handshakes() const {
  return impl_->shared->handshakes_failed.count();
}

void Server::drain(std::chrono::seconds grace) {
  impl_->drain(grace);
}

}  // namespace signet::http
