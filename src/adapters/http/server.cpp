#include "adapters/http/server.h"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/http/tls.h"

namespace signet::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace protocol = beast::http;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Body = protocol::vector_body<std::uint8_t>;

constexpr std::size_t kMaximumHeaderOctets = 16 * 1024;
constexpr std::size_t kReadOctets = 8 * 1024;  // one TLS record holds most requests
constexpr std::chrono::seconds kFarewell{2};   // for the peer to read the last answer and close
constexpr std::chrono::milliseconds kAcceptPause{100};  // when no descriptor is free

class Connection;

/// What all connections of one server share.
struct Shared {
  Shared(ServerSettings given, Server::Respond answer, asio::ssl::context context)
      : settings(std::move(given)), respond(std::move(answer)), tls(std::move(context)) {}

  const ServerSettings settings;
  const Server::Respond respond;
  asio::ssl::context tls;
  std::atomic<bool> draining{false};

  std::mutex mutex;
  std::condition_variable changed;
  std::set<Connection*> connections;

  /// Those that nobody has begun to destroy. Let go of them without the mutex: the last owner of a
  /// connection takes it out of the set.
  std::vector<std::shared_ptr<Connection>> living();
};

Response line_of_text(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", to_bytes(text + "\n"), {}};
}

/// One connection: handshake, then requests one after another. Lives as long as something is under
/// way for it; every handler runs on its own executor.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)), stream_(std::move(socket), shared_->tls) {
    const std::lock_guard lock(shared_->mutex);
    shared_->connections.insert(this);
  }
  ~Connection() {
    const std::lock_guard lock(shared_->mutex);
    shared_->connections.erase(this);
    shared_->changed.notify_all();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    lowest().expires_after(shared_->settings.read_timeout);
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = shared_from_this()](ErrorCode error) {
                              if (!error) self->greet();
                            });
  }

  /// Closes at once when no request is under way.
  void close_when_idle() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (self->idle_) self->lowest().cancel();
    });
  }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void greet() {
    client_certificate_ = client_certificate(stream_.native_handle());
    ErrorCode error;
    const auto peer = lowest().socket().remote_endpoint(error);
    if (!error) client_address_ = peer.address().to_string();
    wait_for_request();
  }

  /// The idle time-out runs until the first octet, the read time-out from there on.
  void wait_for_request() {
    if (shared_->draining) return close();
    if (buffer_.size() > 0) return read_header();
    idle_ = true;
    lowest().expires_after(shared_->settings.idle_timeout);
    stream_.async_read_some(buffer_.prepare(kReadOctets),
                            [self = shared_from_this()](ErrorCode error, std::size_t octets) {
                              self->idle_ = false;
                              if (error) return;
                              self->buffer_.commit(octets);
                              self->read_header();
                            });
  }

  void read_header() {
    lowest().expires_after(shared_->settings.read_timeout);
    is_head_ = false;
    parser_.emplace();
    parser_->header_limit(kMaximumHeaderOctets);
    parser_->body_limit(shared_->settings.maximum_body_octets);
    protocol::async_read_header(stream_, buffer_, *parser_,
                                [self = shared_from_this()](ErrorCode error, std::size_t) {
                                  if (error) return self->refuse(error);
                                  self->read_body();
                                });
  }

  void read_body() {
    if (beast::iequals(parser_->get()[protocol::field::expect], "100-continue") &&
        parser_->get().version() >= 11 && !parser_->is_done()) {
      auto go_on = std::make_shared<protocol::response<protocol::empty_body>>(
          protocol::status::continue_, parser_->get().version());
      return protocol::async_write(
          stream_, *go_on, [self = shared_from_this(), go_on](ErrorCode error, std::size_t) {
            if (!error) self->read_rest();
          });
    }
    read_rest();
  }

  void read_rest() {
    protocol::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](ErrorCode error, std::size_t) {
                           if (error) return self->refuse(error);
                           self->answer();
                         });
  }

  /// The request could not be read to its end: says why, where it is the peer's doing.
  void refuse(ErrorCode error) {
    keep_alive_ = false;
    is_unread_ = true;
    if (error == protocol::error::body_limit) {
      return write(line_of_text(413, "The body is larger than " +
                                         std::to_string(shared_->settings.maximum_body_octets) +
                                         " octets."));
    }
    if (error == protocol::error::header_limit) {
      return write(line_of_text(431, "The header is larger than 16384 octets."));
    }
    if (error.category() == make_error_code(protocol::error::bad_method).category() &&
        error != protocol::error::end_of_stream && error != protocol::error::partial_message) {
      return write(line_of_text(400, "This is no HTTP request: " + error.message() + "."));
    }
  }

  void answer() {
    lowest().expires_never();
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    is_head_ = message.method() == protocol::verb::head;
    Request request;
    request.method = is_head_ ? "GET" : std::string(message.method_string());
    const std::string_view target = message.target();
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    request.content_type = message[protocol::field::content_type];
    request.body = std::move(message.body());
    request.client_certificate = client_certificate_;
    request.client_address = client_address_;
    shared_->respond(std::move(request), [self = shared_from_this()](Response response) mutable {
      auto* connection = self.get();
      asio::post(connection->stream_.get_executor(),
                 [self = std::move(self), response = std::move(response)]() mutable {
                   self->write(std::move(response));
                 });
    });
  }

  void write(Response response) {
    lowest().expires_after(shared_->settings.read_timeout);
    response_.emplace();
    response_->version(version_);
    response_->result(static_cast<unsigned>(response.status));
    if (!response.content_type.empty()) {
      response_->set(protocol::field::content_type, response.content_type);
    }
    for (const auto& [name, value] : response.headers) response_->set(name, value);
    response_->keep_alive(keep_alive_ && !shared_->draining);
    response_->content_length(response.body.size());
    if (!is_head_) response_->body() = std::move(response.body);
    protocol::async_write(stream_, *response_,
                          [self = shared_from_this()](ErrorCode error, std::size_t) {
                            if (error) return;
                            if (self->response_->keep_alive()) return self->wait_for_request();
                            self->lowest().expires_after(kFarewell);
                            self->is_unread_ ? self->discard() : self->close();
                          });
  }

  /// To close with octets unread would reset the connection, and the answer with it.
  void discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadOctets),
                            [self = shared_from_this()](ErrorCode error, std::size_t) {
                              if (!error) self->discard();
                            });
  }

  void close() {
    lowest().expires_after(kFarewell);
    stream_.async_shutdown([self = shared_from_this()](ErrorCode) {});
  }

  std::shared_ptr<Shared> shared_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  std::optional<protocol::request_parser<Body>> parser_;
  std::optional<protocol::response<Body>> response_;
  std::optional<Bytes> client_certificate_;
  std::string client_address_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool is_unread_ = false;
  bool idle_ = false;
};

std::vector<std::shared_ptr<Connection>> Shared::living() {
  std::vector<std::shared_ptr<Connection>> found;
  const std::lock_guard lock(mutex);
  for (auto* connection : connections) {
    if (auto alive = connection->weak_from_this().lock()) found.push_back(std::move(alive));
  }
  return found;
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
  void take(tcp::socket socket);
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
  acceptor->bind(endpoint, error);
  if (error) return failed(error);
  acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed(error);
  port = acceptor->local_endpoint().port();
  return {};
}

void Server::Impl::accept() {
  auto& context = *contexts[next_context++ % contexts.size()];
  acceptor->async_accept(context, [this](ErrorCode error, tcp::socket socket) {
    if (!acceptor->is_open()) return;
    if (error) {
      log.write(Log::Level::error, "accept_failed", {{"why", error.message()}});
      return accept_later();
    }
    take(std::move(socket));
    accept();
  });
}

/// Descriptors or memory have run out: the connections that there are must end first.
void Server::Impl::accept_later() {
  pause.emplace(*contexts.front(), kAcceptPause);
  pause->async_wait([this](ErrorCode) {
    if (acceptor->is_open()) accept();
  });
}

void Server::Impl::take(tcp::socket socket) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  {
    const std::lock_guard lock(shared->mutex);
    if (shared->connections.size() >= shared->settings.maximum_connections) {
      log.write(Log::Level::warning, "connection_refused", {{"why", "too many connections"}});
      return;
    }
  }
  auto connection = std::make_shared<Connection>(std::move(socket), shared);
  connection->start();
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
  TRY(make_tls_context(settings));
  return {};
}

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, Respond respond, Log& log) {
  auto tls = TRY(make_tls_context(settings));
  const auto threads = std::max(1U, settings.threads);
  auto impl = std::make_unique<Impl>(
      std::make_shared<Shared>(std::move(settings), std::move(respond), std::move(tls)), log);
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

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  const std::lock_guard lock(impl_->shared->mutex);
  return impl_->shared->connections.size();
}

void Server::drain(std::chrono::seconds grace) {
  impl_->drain(grace);
}

}  // namespace signet::http
