#include "adapters/tcp/server.h"

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "adapters/listener/deadline.h"
#include "adapters/listener/listener.h"

namespace signet::tcp {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using listener::Socket;

constexpr std::size_t kReadOctets = 8 * 1024;
constexpr std::size_t kWriteOctets = 64 * 1024;  // Asio's own step

/// What all connections of one server share.
struct Shared : listener::Connections {
  Shared(const ServerSettings& given, Server::Respond answer, Log& log)
      : Connections(given, log),
        limits(given.message),
        respond(std::move(answer)),
        refused_messages(log, Log::Level::warning, "message_refused") {}

  const Delimiter::Limits limits;
  const Server::Respond respond;
  std::atomic<std::uint64_t> messages{0};
  listener::Tally refused_messages;
};

/// Messages one after another. Every handler runs on the connection's own executor.
class Connection final : public listener::Connection {
 public:
  Connection(Socket socket, std::shared_ptr<Shared> shared, listener::Peer peer)
      : shared_(std::move(shared)),
        peer_(std::move(peer)),
        socket_(std::move(socket)),
        deadline_(*this, socket_.get_executor()),
        delimiter_(shared_->limits) {}
  ~Connection() override {
    if (is_entered_) shared_->leave(this, peer_.client);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// On the executor's thread from here on; whoever made it is on another.
  void start() {
    shared_->enter(self(), peer_.client);
    is_entered_ = true;
    asio::post(socket_.get_executor(), [self = self()] { self->wait_for_message(); });
  }

  void close_when_idle() override {
    asio::post(socket_.get_executor(), [self = self()] {
      ErrorCode ignored;
      if (self->idle_) self->socket_.cancel(ignored);
    });
  }

  void close_at_once() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }

 private:
  std::shared_ptr<Connection> self() {
    return std::static_pointer_cast<Connection>(shared_from_this());
  }

  //= F17 RFC 10003 §7: a connection serves for more than one message
  /// The idle time-out runs until the first octet, the read time-out from there on.
  void wait_for_message() {
    if (shared_->draining) return close();
    delimiter_ = Delimiter(shared_->limits);
    idle_ = waiting_.empty();
    deadline_.expire_in(idle_ ? shared_->settings.idle_timeout : shared_->settings.read_timeout);
    idle_ ? read() : take_waiting();
  }

  void read() {
    socket_.async_read_some(asio::buffer(read_),
                            [self = self()](ErrorCode error, std::size_t octets) {
                              if (error) {
                                self->idle_ = false;
                                return;
                              }
                              if (std::exchange(self->idle_, false)) {
                                self->deadline_.expire_in(self->shared_->settings.read_timeout);
                              }
                              self->waiting_ = ByteView(self->read_).first(octets);
                              self->take_waiting();
                            });
  }

  //= F16 RFC 10003 §7: messages come as they are; each ends where its BER says
  void take_waiting() {
    const auto taken = delimiter_.take(waiting_);
    if (!taken.ok()) return refuse(taken.error());
    append(message_, waiting_.first(*taken));
    waiting_ = waiting_.subspan(*taken);
    delimiter_.is_whole() ? answer() : read();
  }

  void refuse(const Error& why) {
    shared_->refused_messages.add(peer_.client, why.detail);
    waiting_ = {};
    close();
  }

  /// Nothing is read meanwhile: what comes too early waits in the kernel, and its sender with it.
  void answer() {
    deadline_.expire_never();
    ++shared_->messages;
    shared_->respond({std::exchange(message_, {}), peer_.address},
                     [self = self()](std::optional<Answer> answer) mutable {
                       auto* connection = self.get();
                       asio::post(connection->socket_.get_executor(),
                                  [self = std::move(self), answer = std::move(answer)]() mutable {
                                    answer ? self->write(*std::move(answer)) : self->close();
                                  });
                     });
  }

  void write(Answer answer) {
    if (!answer.room) {
      auto room = shared_->take_room(answer.octets.size(), peer_.client);
      if (!room.ok()) {
        shared_->refused_messages.add(peer_.client, "too long an answer: " + room.error().detail);
        return close();
      }
      answer.room = *std::move(room);
    }
    room_ = std::move(answer.room);
    answer_ = std::move(answer.octets);
    deadline_.expire_in(shared_->settings.read_timeout);
    const auto go_on = [this, least = deadline_.at()](ErrorCode error, std::size_t taken) {
      deadline_.extend(least, taken);
      return error ? std::size_t{0} : kWriteOctets;
    };
    asio::async_write(socket_, asio::buffer(answer_), go_on,
                      [self = self()](ErrorCode error, std::size_t) {
                        if (error) return;
                        self->answer_ = Bytes();  // who is idle holds no answer
                        self->room_.reset();
                        self->wait_for_message();
                      });
  }

  /// To close with octets unread would reset the connection, and the last answer with it.
  void close() {
    idle_ = false;
    deadline_.expire_in(listener::kFarewell);
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    discard_rest();
  }
  void discard_rest() {
    socket_.async_read_some(asio::buffer(read_), [self = self()](ErrorCode error, std::size_t) {
      if (!error) self->discard_rest();
    });
  }

  std::shared_ptr<Shared> shared_;
  const listener::Peer peer_;
  Socket socket_;
  listener::Deadline deadline_;
  std::array<std::uint8_t, kReadOctets> read_{};
  ByteView waiting_;  ///< of what was read, behind the last message
  Delimiter delimiter_;
  Bytes message_;  ///< as far as it has come
  Bytes answer_;
  std::shared_ptr<const void> room_;  ///< that answer_ takes
  bool idle_ = true;                  ///< no message is under way
  bool is_entered_ = false;
};

}  // namespace

struct Server::Impl {
  std::shared_ptr<Shared> shared;
  std::unique_ptr<listener::Listener> listener;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings, Respond respond,
                                              Log& log) {
  auto shared = std::make_shared<Shared>(settings, std::move(respond), log);
  const auto serve = [shared](Socket socket, listener::Peer peer) {
    std::make_shared<Connection>(std::move(socket), shared, std::move(peer))->start();
  };
  auto listening = TRY(listener::Listener::start(shared, serve, log));
  return std::unique_ptr<Server>(
      new Server(std::make_unique<Impl>(Impl{std::move(shared), std::move(listening)})));
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

std::uint64_t Server::messages() const {
  return impl_->shared->messages;
}

std::uint64_t Server::refused_messages() const {
  return impl_->shared->refused_messages.count();
}

void Server::stop_accepting() {
  impl_->listener->stop_accepting();
}

void Server::drain(std::chrono::seconds grace) {
  impl_->listener->drain(grace);
}

}  // namespace signet::tcp
