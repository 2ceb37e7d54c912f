#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace signet::listener {

/// Its executor is named: asked for what it is at run time, it would cost an allocation for each
/// handler.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

}  // namespace signet::listener
