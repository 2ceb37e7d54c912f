#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "adapters/http/shared.h"

/// One connection of the server. Private to this room; Beast stays in connection.cpp, which takes
/// as long to compile as all the rest.
namespace signet::http {

/// Its executor is named: asked for what it is at run time, it would cost an allocation for each
/// handler.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// TLS handshake where there is TLS, then requests one after another, until one side has had
/// enough. `client` is whom its limits are counted for.
void serve_connection(Socket socket, std::shared_ptr<Shared> shared, std::string client);

}  // namespace signet::http
