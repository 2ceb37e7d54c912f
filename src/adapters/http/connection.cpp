#include "adapters/http/connection.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <type_traits>

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
constexpr int kNotModified = 304;
constexpr std::size_t kReadOctets = 8 * 1024;  // one TLS record holds most requests
constexpr std::chrono::seconds kFarewell{2};   // for the peer to read the last answer and close

Response line_of_text(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", to_bytes(text + "\n"), {}};
}

using PlainStream = beast::basic_stream<tcp, asio::io_context::executor_type>;
using TlsStream = beast::ssl_stream<PlainStream>;

// What differs between the two kinds of stream.

PlainStream make_stream(Socket socket, Shared&, std::type_identity<PlainStream>) {
  return PlainStream(std::move(socket));
}
TlsStream make_stream(Socket socket, Shared& shared, std::type_identity<TlsStream>) {
  return {std::move(socket), *shared.tls()};
}

/// `done` gets an error or none, from one of the stream's handlers.
template <typename Done>
void shake_hands(PlainStream& stream, Done done) {
  asio::post(stream.get_executor(), [done = std::move(done)] { done(ErrorCode()); });
}
template <typename Done>
void shake_hands(TlsStream& stream, Done done) {
  stream.async_handshake(asio::ssl::stream_base::server, std::move(done));
}

std::optional<Bytes> certificate_of_client(PlainStream&) {
  return std::nullopt;
}
std::optional<Bytes> certificate_of_client(TlsStream& stream) {
  return client_certificate(stream.native_handle());
}

/// Handshake, then requests one after another. Every handler runs on the connection's own executor.
template <typename Stream>
class StreamConnection final : public Connection {
 public:
  StreamConnection(Socket socket, std::shared_ptr<Shared> shared, std::string client)
      : shared_(std::move(shared)),
        client_(std::move(client)),
        stream_(make_stream(std::move(socket), *shared_, std::type_identity<Stream>())) {
    shared_->enter(this, client_);
  }
  ~StreamConnection() override { shared_->leave(this, client_); }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void start() {
    if (shared_->draining) return;
    lowest().expires_after(shared_->settings.read_timeout);
    shake_hands(stream_, [self = self()](ErrorCode error) {
      self->idle_ = false;
      if (!error) self->greet();
    });
  }

  void close_when_idle() override {
    asio::post(stream_.get_executor(), [self = self()] {
      if (self->idle_) self->lowest().cancel();
    });
  }

 private:
  std::shared_ptr<StreamConnection> self() {
    return std::static_pointer_cast<StreamConnection>(shared_from_this());
  }
  PlainStream& lowest() { return beast::get_lowest_layer(stream_); }

  void greet() {
    client_certificate_ = certificate_of_client(stream_);
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
                            [self = self()](ErrorCode error, std::size_t octets) {
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
                                [self = self()](ErrorCode error, std::size_t) {
                                  if (error) return self->refuse(error);
                                  self->read_body();
                                });
  }

  void read_body() {
    if (beast::iequals(parser_->get()[protocol::field::expect], "100-continue") &&
        parser_->get().version() >= 11 && !parser_->is_done()) {
      auto go_on = std::make_shared<protocol::response<protocol::empty_body>>(
          protocol::status::continue_, parser_->get().version());
      return protocol::async_write(stream_, *go_on,
                                   [self = self(), go_on](ErrorCode error, std::size_t) {
                                     if (!error) self->read_rest();
                                   });
    }
    read_rest();
  }

  void read_rest() {
    protocol::async_read(stream_, buffer_, *parser_, [self = self()](ErrorCode error, std::size_t) {
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
    request.version = message.version();
    request.content_type = message[protocol::field::content_type];
    request.if_none_match = message[protocol::field::if_none_match];
    request.if_modified_since = message[protocol::field::if_modified_since];
    request.body = std::move(message.body());
    request.client_certificate = client_certificate_;
    request.client_address = client_address_;
    shared_->respond(std::move(request), [self = self()](Response response) mutable {
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
    response_->keep_alive(keep_alive_ && !shared_->draining);
    for (const auto& [name, value] : response.headers) response_->set(name, value);
    // RFC 9110 §8.6: a Content-Length here would be that of the body left out.
    if (response.status != kNotModified) response_->content_length(response.body.size());
    if (!is_head_) response_->body() = std::move(response.body);
    protocol::async_write(stream_, *response_, [self = self()](ErrorCode error, std::size_t) {
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
                            [self = self()](ErrorCode error, std::size_t) {
                              if (!error) self->discard();
                            });
  }

  void close() {
    lowest().expires_after(kFarewell);
    if constexpr (std::is_same_v<Stream, PlainStream>) {
      ErrorCode ignored;
      stream_.socket().shutdown(Socket::shutdown_send, ignored);
      discard();
    } else {
      stream_.async_shutdown([self = self()](ErrorCode) {});
    }
  }

  std::shared_ptr<Shared> shared_;
  const std::string client_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<protocol::request_parser<Body>> parser_;
  std::optional<protocol::response<Body>> response_;
  std::optional<Bytes> client_certificate_;
  std::string client_address_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool is_unread_ = false;
  bool idle_ = true;  ///< no request is under way: not in a handshake either
};

}  // namespace

Shared::Tls Shared::tls() {
  const std::lock_guard lock(mutex);
  return tls_;
}

void Shared::replace_tls(Tls next) {
  const std::lock_guard lock(mutex);
  tls_.swap(next);
}

std::vector<std::shared_ptr<Connection>> Shared::living() {
  std::vector<std::shared_ptr<Connection>> found;
  const std::lock_guard lock(mutex);
  for (auto* connection : connections) {
    if (auto alive = connection->weak_from_this().lock()) found.push_back(std::move(alive));
  }
  return found;
}

void Shared::enter(Connection* connection, const std::string& client) {
  const std::lock_guard lock(mutex);
  connections.insert(connection);
  ++connections_of[client];
}

void Shared::leave(Connection* connection, const std::string& client) {
  const std::lock_guard lock(mutex);
  connections.erase(connection);
  if (--connections_of[client] == 0) connections_of.erase(client);
  changed.notify_all();
}

std::string_view Shared::one_too_many(const std::string& client) {
  if (new_connections.refuse(client, RateLimiter::Clock::now())) {
    return "too many new connections of one client";
  }
  const std::lock_guard lock(mutex);
  if (connections.size() >= settings.maximum_connections) return "too many connections";
  const auto found = connections_of.find(client);
  if (found != connections_of.end() && found->second >= settings.maximum_connections_of_one) {
    return "too many connections of one client";
  }
  return "";
}

void serve_connection(Socket socket, std::shared_ptr<Shared> shared, std::string client) {
  const auto start = [&](auto kind) {
    using Stream = typename decltype(kind)::type;
    std::make_shared<StreamConnection<Stream>>(std::move(socket), std::move(shared),
                                               std::move(client))
        ->start();
  };
  shared->tls() ? start(std::type_identity<TlsStream>()) : start(std::type_identity<PlainStream>());
}

}  // namespace signet::http
