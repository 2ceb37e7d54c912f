#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/listener/settings.h"
#include "adapters/tcp/delimiter.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/result.h"

namespace signet::tcp {

/// A message, whole.
struct Message {
  Bytes octets;
  std::string client_address;
};

struct Answer {
  Answer(Bytes given, std::shared_ptr<const void> taken = {})
      : octets(std::move(given)), room(std::move(taken)) {}
  Bytes octets;
  /// Where whoever made `octets` counts what is held of such: let go once they were sent, or are
  /// lost. Null: the server counts them itself.
  std::shared_ptr<const void> room;
};

struct ServerSettings : listener::Settings {
  Delimiter::Limits message;
};

/// A server of messages over TCP (Boost.Asio): each is a BER element, and so is its answer; there
/// is nothing around them. What is no message, too large or too slow is closed without a word, as
/// there is none to say it with.
///
/// A client may send the next message before it has the answer to the last one, though RFC 10003 §7
/// forbids it that: it is read then, and no sooner.
class Server {
 public:
  /// None: nothing is answered, and the connection is closed.
  using Reply = std::function<void(std::optional<Answer>)>;
  /// Called on one of the server's threads. `reply` may be called from any thread, once, and not
  /// after the Server is gone: end what calls it first.
  using Respond = std::function<void(Message, Reply)>;

  /// Faults: bad_configuration (address, port in use), saying what to do.
  static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, Respond respond,
                                               Log& log);
  /// As drain(0).
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  /// Closed before a word was heard: over one of the limits of connections.
  [[nodiscard]] std::uint64_t refused_connections() const;
  /// Whole ones, whatever became of them.
  [[nodiscard]] std::uint64_t messages() const;
  /// Closed because of what was said: no message, too large, nested too deeply. Who leaves or is
  /// too slow is not counted.
  [[nodiscard]] std::uint64_t refused_messages() const;
  /// Takes no connection and no message from here on; closes where none is under way.
  void stop_accepting();
  /// Stops accepting, lets messages under way be answered for at most `grace`, closes, joins the
  /// threads.
  void drain(std::chrono::seconds grace);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::tcp
