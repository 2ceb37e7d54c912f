#pragma once

#include <memory>

#include "adapters/http/shared.h"
#include "adapters/listener/listener.h"

/// One connection of the server. Private to this room; Beast stays in connection.cpp, which takes
/// as long to compile as all the rest.
namespace signet::http {

using listener::Socket;

/// TLS handshake where there is TLS, then requests one after another, until one side has had
/// enough.
void serve_connection(Socket socket, std::shared_ptr<Shared> shared, listener::Peer peer);

}  // namespace signet::http
