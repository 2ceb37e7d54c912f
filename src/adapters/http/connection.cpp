#include "adapters/http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "adapters/http/request_head.h"
#include "adapters/http/request_target.h"
#include "adapters/http/response_head.h"
#include "adapters/http/stream.h"
#include "adapters/listener/deadline.h"

namespace signet::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace protocol = beast::http;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kMaximumHeaderOctets = 16 * 1024;
constexpr std::size_t kReadOctets = 8 * 1024;    // one TLS record holds most requests
constexpr std::size_t kWriteOctets = 64 * 1024;  // Asio's own step

Response line_of_text(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", to_bytes(text + "\n"), {}};
}

/// Handshake, then requests one after another. Every handler runs on the connection's own executor.
template <typename Stream>
class StreamConnection final : public listener::Connection {
 public:
  StreamConnection(Socket socket, std::shared_ptr<Shared> shared, listener::Peer peer)
      : shared_(std::move(shared)),
        peer_(std::move(peer)),
        stream_(make_stream(std::move(socket), *shared_, std::type_identity<Stream>())),
        deadline_(*this, stream_.get_executor()) {}
  ~StreamConnection() override {
    if (is_entered_) shared_->leave(this, peer_.client);
  }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void start() {
    shared_->enter(self(), peer_.client);
    is_entered_ = true;
    if (shared_->draining) return;
    deadline_.expire_in(shared_->settings.read_timeout);
    shake_hands(stream_, [self = self()](ErrorCode error) {
      self->idle_ = false;
      if (!error) return self->greet();
      if (!is_refusal(error)) return;
      self->shared_->handshakes_failed.add(self->peer_.client, error.message());
    });
  }

  void close_when_idle() override {
    asio::post(stream_.get_executor(), [self = self()] {
      ErrorCode ignored;
      if (self->idle_) self->socket().cancel(ignored);
    });
  }

  void close_at_once() override {
    ErrorCode ignored;
    socket().close(ignored);
  }

 private:
  std::shared_ptr<StreamConnection> self() {
    return std::static_pointer_cast<StreamConnection>(shared_from_this());
  }
  Socket& socket() { return socket_of(stream_); }

  void greet() {
    client_certificate_ = certificate_of_client(stream_);
    wait_for_request();
  }

  /// The idle time-out runs until the first octet, the read time-out from there on.
  void wait_for_request() {
    if (shared_->draining) return close();
    begin_request();
    idle_ = !reach_request();
    deadline_.expire_in(idle_ ? shared_->settings.idle_timeout : shared_->settings.read_timeout);
    idle_ ? read() : parse();
  }

  void begin_request() {
    is_head_ = false;
    was_told_to_go_on_ = false;
    header_octets_ = 0;
    parser_.emplace();
    parser_->header_limit(kMaximumHeaderOctets);
    parser_->body_limit(shared_->maximum_body_octets);
  }

  /// RFC 9112 §2.2: empty lines before a request are passed over; old clients send one behind a
  /// body. False: nothing of the request is there yet.
  bool reach_request() {
    std::string_view waiting(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
    while (waiting.starts_with("\r\n")) waiting.remove_prefix(2);
    buffer_.consume(buffer_.size() - waiting.size());
    return !waiting.empty() && waiting != "\r";
  }

  /// An empty line alone is no octet of a request: it moves no time-out.
  void leave_idleness() {
    idle_ = false;
    deadline_.expire_in(shared_->settings.read_timeout);
  }

  void read() {
    stream_.async_read_some(buffer_.prepare(kReadOctets),
                            [self = self()](ErrorCode error, std::size_t octets) {
                              if (error) {
                                self->idle_ = false;
                                return;
                              }
                              self->buffer_.commit(octets);
                              if (self->idle_ && self->reach_request()) self->leave_idleness();
                              self->parse();
                            });
  }

  /// As far as what was read goes.
  void parse() {
    if (header_octets_ == 0 && !reach_request()) return read();
    ErrorCode error;
    while (!parser_->is_done() && buffer_.size() > 0 && !error) {
      const bool in_header = !parser_->is_header_done();
      const auto used = parser_->put(buffer_.data(), error);
      buffer_.consume(used);
      if (!in_header) continue;
      header_octets_ += used;
      if (parser_->is_header_done() && !take_header()) return;
    }
    if (error && error != protocol::error::need_more) return refuse(error);
    if (is_header_too_large()) return refuse(protocol::error::header_limit);
    if (parser_->is_done()) return answer();
    is_waiting_to_go_on() ? tell_to_go_on() : read();
  }

  /// Beast limits what it is given at a time: neither a header that comes in pieces nor that of a
  /// chunk. What waits in the buffer is part of one of them.
  bool is_header_too_large() {
    const auto waiting = parser_->is_done() ? 0 : buffer_.size();
    const auto header = header_octets_ + (parser_->is_header_done() ? 0 : waiting);
    return header > kMaximumHeaderOctets || waiting > kMaximumHeaderOctets;
  }

  /// All that is asked but for the body, of which trailers change nothing: Beast adds them to the
  /// header. False: refused.
  bool take_header() {
    parser_->eager(true);
    const auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    is_head_ = message.method() == protocol::verb::head;
    request_ = {};
    request_.method = is_head_ ? "GET" : std::string(message.method_string());
    auto [path, query] = read_request_target(message.target());
    request_.path = std::move(path);
    request_.query = std::move(query);
    request_.version = version_;
    request_.content_type = message[protocol::field::content_type];
    request_.if_none_match = message[protocol::field::if_none_match];
    request_.if_modified_since = message[protocol::field::if_modified_since];
    request_.origin = message[protocol::field::origin];
    request_.fetch_site = message["Sec-Fetch-Site"];
    request_.referer = message[protocol::field::referer];
    const auto refusal = refuse_head(head_of_request());
    if (refusal) give_up(refusal->status, "This request is not taken: " + refusal->why + ".");
    return !refusal;
  }

  [[nodiscard]] RequestHead head_of_request() const {
    using protocol::field;
    const auto& message = parser_->get();
    return {.version = message.version(),
            .target = message.target(),
            .host = message[field::host],
            .host_lines = message.count(field::host),
            .transfer_encoding = message[field::transfer_encoding],
            .transfer_encoding_lines = message.count(field::transfer_encoding),
            .is_chunked = parser_->chunked()};
  }

  /// RFC 9110 §10.1.1: the body comes when it is welcome.
  bool is_waiting_to_go_on() {
    return parser_->is_header_done() && !was_told_to_go_on_ && parser_->get().version() >= 11 &&
           beast::iequals(parser_->get()[protocol::field::expect], "100-continue");
  }

  void tell_to_go_on() {
    static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    was_told_to_go_on_ = true;
    asio::async_write(stream_, asio::buffer(kGoOn), [self = self()](ErrorCode error, std::size_t) {
      if (!error) self->read();
    });
  }

  /// The request could not be read to its end: says why, where it is the peer's doing.
  void refuse(ErrorCode error) {
    if (error == protocol::error::body_limit) {
      return give_up(413, "The body is larger than " +
                              std::to_string(shared_->maximum_body_octets) + " octets.");
    }
    if (error == protocol::error::header_limit) {
      return give_up(
          431, "The header is larger than " + std::to_string(kMaximumHeaderOctets) + " octets.");
    }
    refuse(error.message());
  }
  void refuse(const std::string& why) { give_up(400, "This is no HTTP request: " + why + "."); }

  void give_up(int status, std::string words) {
    keep_alive_ = false;
    is_unread_ = true;
    write(line_of_text(status, std::move(words)));
  }

  void answer() {
    deadline_.expire_never();
    auto request = std::exchange(request_, {});
    request.body = std::move(parser_->get().body());
    request.client_certificate = client_certificate_;
    request.client_address = peer_.address;
    shared_->respond(std::move(request), [self = self()](Response response) mutable {
      auto* connection = self.get();
      asio::post(connection->stream_.get_executor(),
                 [self = std::move(self), response = std::move(response)]() mutable {
                   self->write(std::move(response));
                 });
    });
  }

  static Response too_many_long_ones(const Error& why) {
    auto response = line_of_text(503, "The answer is long: " + why.detail +
                                          ". Come again in a moment; CRLs are at /ca/crl.");
    response.headers = {{"Retry-After", "5"}};
    return response;
  }

  Response within_room(Response response) {
    if (response.room) return response;
    auto room = shared_->take_room(response.body.size(), peer_.client);
    if (!room.ok()) return too_many_long_ones(room.error());
    response.room = *std::move(room);
    return response;
  }

  void write(Response given) {
    deadline_.expire_in(shared_->settings.read_timeout);
    auto response = within_room(std::move(given));
    room_ = std::move(response.room);
    keep_alive_ = keep_alive_ && !shared_->draining && !names_connection(response);
    head_ = head_of(response, {version_, keep_alive_, std::chrono::system_clock::now()});
    body_ = is_head_ ? Bytes() : std::move(response.body);
    shared_body_ = is_head_ ? nullptr : std::move(response.shared_body);
    copied_ = 0;
    write_from(0, deadline_.at());
  }

  /// All there is, where `body_` is the answer's own; of a shared one a copy of the next piece, so
  /// that it can be withdrawn though this peer takes nothing. `taken`: octets that are gone.
  void write_from(std::size_t taken, listener::Deadline::Clock::time_point least) {
    if (shared_body_ && !copy_piece()) return cut_off();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(body_)};
    const auto go_on = [this, taken, least](ErrorCode error, std::size_t more) {
      deadline_.extend(least, taken + more);
      return error ? std::size_t{0} : kWriteOctets;
    };
    asio::async_write(
        stream_, parts, go_on, [self = self(), taken, least](ErrorCode error, std::size_t more) {
          if (error) return;
          self->head_.clear();
          self->is_written() ? self->end_answer() : self->write_from(taken + more, least);
        });
  }

  [[nodiscard]] bool is_written() const { return !shared_body_ || copied_ == shared_body_->size(); }

  /// False: it was withdrawn.
  bool copy_piece() {
    const auto octets = shared_body_->octets();
    if (!octets) return false;
    const auto rest = ByteView(*octets).subspan(copied_);
    const auto piece = rest.first(std::min(rest.size(), kWriteOctets));
    body_.assign(piece.begin(), piece.end());
    copied_ += piece.size();
    return true;
  }

  void cut_off() {
    shared_->cut_off.add(peer_.client, "a slow reader of what was replaced since");
    close_at_once();
  }

  void end_answer() {
    body_ = Bytes();  // who is idle holds no answer
    room_.reset();
    shared_body_.reset();
    if (keep_alive_) return wait_for_request();
    is_unread_ ? discard() : close();
  }

  /// To close with octets unread would reset the connection, and the answer with it.
  void discard() {
    deadline_.expire_in(listener::kFarewell);
    buffer_.clear();
    discard_rest();
  }
  void discard_rest() {
    stream_.async_read_some(buffer_.prepare(kReadOctets),
                            [self = self()](ErrorCode error, std::size_t) {
                              if (!error) self->discard_rest();
                            });
  }

  void close() {
    deadline_.expire_in(listener::kFarewell);
    if constexpr (std::is_same_v<Stream, Socket>) {
      ErrorCode ignored;
      stream_.shutdown(Socket::shutdown_send, ignored);
      discard_rest();
    } else {
      stream_.async_shutdown([self = self()](ErrorCode) {});
    }
  }

  std::shared_ptr<Shared> shared_;
  const listener::Peer peer_;
  Stream stream_;
  listener::Deadline deadline_;
  beast::flat_buffer buffer_;
  std::optional<protocol::request_parser<protocol::vector_body<std::uint8_t>>> parser_;
  std::size_t header_octets_ = 0;  ///< of the request's, that were parsed
  Request request_;                ///< as its header told
  std::string head_;
  Bytes body_;
  std::shared_ptr<const void> room_;               ///< that body_ takes
  std::shared_ptr<const SharedBody> shared_body_;  ///< of which body_ is a piece
  std::size_t copied_ = 0;                         ///< of it, so far
  std::optional<Bytes> client_certificate_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool was_told_to_go_on_ = false;
  bool is_unread_ = false;
  bool idle_ = true;  ///< no request is under way: not in a handshake either
  bool is_entered_ = false;
};

}  // namespace

void serve_connection(Socket socket, std::shared_ptr<Shared> shared, listener::Peer peer) {
  const auto start = [&](auto kind) {
    using Stream = typename decltype(kind)::type;
    std::make_shared<StreamConnection<Stream>>(std::move(socket), std::move(shared),
                                               std::move(peer))
        ->start();
  };
  shared->tls() ? start(std::type_identity<TlsStream>()) : start(std::type_identity<Socket>());
}

}  // namespace signet::http
