#pragma once

#include <memory>
#include <string>

#include "adapters/http/shared.h"
#include "adapters/listener/socket.h"

/// One connection of the server. Private to this room; Beast stays in connection.cpp, which takes
/// as long to compile as all the rest.
namespace signet::http {

using listener::Socket;

/// TLS handshake where there is TLS, then requests one after another, until one side has had
/// enough. `client` is whom its limits are counted for.
void serve_connection(Socket socket, std::shared_ptr<Shared> shared, std::string client);

}  // namespace signet::http
