#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/server.h"
#include "adapters/http/tally.h"

/// Which connections there are, and what all of them share. Private to this room.
namespace signet::http {

/// Lives as long as something is under way for it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  /// Closes at once when no request is under way. From any thread.
  virtual void close_when_idle() = 0;
};

/// Room that a long answer takes while it is sent; given back with it.
class AnswerRoom {
 public:
  AnswerRoom() = default;
  /// Of `taken`, which has room for as much. Outlived by it.
  AnswerRoom(std::atomic<std::size_t>& taken, std::size_t octets)
      : taken_(&taken), octets_(octets) {}
  AnswerRoom(AnswerRoom&& other) noexcept { *this = std::move(other); }
  AnswerRoom& operator=(AnswerRoom&& other) noexcept {
    std::swap(taken_, other.taken_);
    std::swap(octets_, other.octets_);
    return *this;
  }
  ~AnswerRoom() {
    if (taken_ != nullptr) *taken_ -= octets_;
  }

 private:
  std::atomic<std::size_t>* taken_ = nullptr;
  std::size_t octets_ = 0;
};

/// What all connections of one server share.
struct Shared {
  using Tls = std::shared_ptr<boost::asio::ssl::context>;
  Shared(ServerSettings given, Server::Respond answer, Tls context, Log& log)
      : settings(std::move(given)),
        respond(std::move(answer)),
        new_connections(settings.new_connections),
        refused(log, Log::Level::warning, "connection_refused"),
        handshakes_failed(log, Log::Level::warning, "handshake_failed"),
        tls_(std::move(context)) {}

  const ServerSettings settings;
  const Server::Respond respond;
  std::atomic<bool> draining{false};
  RateLimiter new_connections;
  Tally refused;            ///< over one of the limits of connections
  Tally handshakes_failed;  ///< by what TLS itself refuses, not by whoever just leaves

  /// For a new connection; null: plain HTTP.
  [[nodiscard]] Tls tls();
  /// For those from here on. Connections that there are have OpenSSL's own hold on the old one.
  void replace_tls(Tls next);

  std::mutex mutex;
  std::condition_variable changed;
  std::set<Connection*> connections;
  std::map<std::string, std::size_t, std::less<>> connections_of;  ///< by client

  void enter(Connection* connection, const std::string& client);
  void leave(Connection* connection, const std::string& client);
  /// For an answer of so many octets; none: those that are sent already leave none.
  std::optional<AnswerRoom> take_room(std::size_t octets);
  /// Why a connection of `client` is one too many; empty: it is not.
  std::string_view one_too_many(const std::string& client);

  /// Those that nobody has begun to destroy. Let go of them without the mutex: the last owner of a
  /// connection takes it out of the set.
  std::vector<std::shared_ptr<Connection>> living();

 private:
  Tls tls_;
  std::atomic<std::size_t> long_answers_{0};
};

}  // namespace signet::http
