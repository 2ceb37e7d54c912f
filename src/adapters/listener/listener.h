#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/listener/connections.h"
#include "adapters/listener/socket.h"
#include "base/result.h"

namespace signet::listener {

/// Who connected. Told by accept itself: of who has left again the socket does not know it, though
/// what he said before can be read.
struct Peer {
  std::string address;
  std::string client;  ///< whom it is counted as, see client_of()
};

/// Takes the connections that come to one address and port, on threads of its own, as long as they
/// are not too many. Each stays on the thread that it came to.
class Listener {
 public:
  /// Makes a Connection of a socket.
  using Serve = std::function<void(Socket, Peer)>;

  /// As `connections->settings` says. Faults: bad_configuration (no address, port in use), saying
  /// what to do.
  static Result<std::unique_ptr<Listener>> start(std::shared_ptr<Connections> connections,
                                                 Serve serve, Log& log);
  /// As drain(0).
  ~Listener();

  [[nodiscard]] std::uint16_t port() const;
  /// Takes no connection and no request from here on; closes where none is under way.
  void stop_accepting();
  /// Stops accepting, lets requests under way finish for at most `grace`, closes, joins the
  /// threads.
  void drain(std::chrono::seconds grace);

 private:
  struct Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::listener
