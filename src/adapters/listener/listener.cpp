#include "adapters/listener/listener.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

namespace signet::listener {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{100};  // when no descriptor is free

/// So much of an answer may wait unsent in the kernel, for each connection taken here: what it took
/// tells then what the client took.
void limit_unsent(tcp::acceptor& acceptor) {
  constexpr int kMostUnsentOctets = 128 * 1024;
  ::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMostUnsentOctets,
               sizeof kMostUnsentOctets);
}

}  // namespace

struct Listener::Impl {
  Impl(std::shared_ptr<Connections> with, Serve how, Log& where)
      : connections(std::move(with)), serve(std::move(how)), log(where) {}

  std::shared_ptr<Connections> connections;
  Serve serve;
  Log& log;
  /// One for each thread: what belongs to a connection stays on its thread.
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::vector<std::thread> threads;
  std::optional<tcp::acceptor> acceptor;
  tcp::endpoint accepted;  ///< whence the last one came
  std::optional<asio::steady_timer> pause;
  std::size_t next_context = 0;
  std::uint16_t port = 0;

  Result<void> listen();
  void accept();
  void accept_later();
  void take(Socket socket, std::string address);
  void run(asio::io_context& context);
  void stop_accepting();
  void drain(std::chrono::seconds grace);
};

Result<void> Listener::Impl::listen() {
  const auto& settings = connections->settings;
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

void Listener::Impl::accept() {
  auto& context = *contexts[next_context++ % contexts.size()];
  acceptor->async_accept(context, accepted, [this](ErrorCode error, Socket socket) {
    if (!acceptor->is_open()) return;
    if (error) {
      log.write(Log::Level::error, "accept_failed", {{"why", error.message()}});
      return accept_later();
    }
    const auto from = accepted.address();
    accept();  // first: what taking this one throws must not end accepting
    take(std::move(socket), from.to_string());
  });
}

/// Descriptors or memory have run out: the connections that there are must end first.
void Listener::Impl::accept_later() {
  pause.emplace(*contexts.front(), kAcceptPause);
  pause->async_wait([this](ErrorCode) {
    if (acceptor->is_open()) accept();
  });
}

void Listener::Impl::take(Socket socket, std::string address) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto client = client_of(address);
  if (const auto why = connections->one_too_many(client); !why.empty()) {
    return connections->refused.add(client, why);
  }
  serve(std::move(socket), {std::move(address), std::move(client)});
}

/// A thread's loop. What a handler throws (memory ran out) ends its connection, not the server.
void Listener::Impl::run(asio::io_context& context) {
  const auto work = asio::make_work_guard(context);
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& thrown) {
      log.write(Log::Level::error, "connection_broken", {{"why", thrown.what()}});
    }
  }
}

void Listener::Impl::stop_accepting() {
  if (connections->draining.exchange(true)) return;
  asio::post(*contexts.front(), [this] {
    ErrorCode ignored;
    acceptor->close(ignored);
  });
  for (const auto& connection : connections->living()) connection->close_when_idle();
}

void Listener::Impl::drain(std::chrono::seconds grace) {
  if (threads.empty()) return;
  stop_accepting();
  connections->wait_until_none(grace);
  for (auto& context : contexts) context->stop();
  for (auto& thread : threads) thread.join();
  threads.clear();
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
  impl_->drain(std::chrono::seconds{0});
}

Result<std::unique_ptr<Listener>> Listener::start(std::shared_ptr<Connections> connections,
                                                  Serve serve, Log& log) {
  const auto threads = std::max(1U, connections->settings.threads);
  auto impl = std::make_unique<Impl>(std::move(connections), std::move(serve), log);
  for (unsigned i = 0; i < threads; ++i) {
    impl->contexts.push_back(std::make_unique<asio::io_context>(1));
  }
  TRY(impl->listen());
  impl->accept();
  for (auto& context : impl->contexts) {
    impl->threads.emplace_back([to = impl.get(), on = context.get()] { to->run(*on); });
  }
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

std::uint16_t Listener::port() const {
  return impl_->port;
}

void Listener::stop_accepting() {
  impl_->stop_accepting();
}

void Listener::drain(std::chrono::seconds grace) {
  impl_->drain(grace);
}

}  // namespace signet::listener
