#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "adapters/http/connection.h"
#include "adapters/http/tls.h"

/// The two kinds of stream that a connection reads and writes, and what differs between them.
/// Private to this room.
namespace signet::http {

using TlsStream = boost::asio::ssl::stream<Socket>;

inline Socket make_stream(Socket socket, Shared&, std::type_identity<Socket>) {
  return socket;
}
inline TlsStream make_stream(Socket socket, Shared& shared, std::type_identity<TlsStream>) {
  TlsStream stream(std::move(socket), *shared.tls());
  // Asio has OpenSSL free its two buffers of a record whenever they are empty. As each request
  // wants them anew, they stay: 33 KiB for each connection.
  SSL_clear_mode(stream.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return stream;
}

inline Socket& socket_of(Socket& stream) {
  return stream;
}
inline Socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

/// `done` gets an error or none, from one of the stream's handlers.
template <typename Done>
void shake_hands(Socket& stream, Done done) {
  boost::asio::post(stream.get_executor(),
                    [done = std::move(done)] { done(boost::system::error_code()); });
}
template <typename Done>
void shake_hands(TlsStream& stream, Done done) {
  stream.async_handshake(boost::asio::ssl::stream_base::server, std::move(done));
}

inline std::optional<Bytes> certificate_of_client(Socket&) {
  return std::nullopt;
}
inline std::optional<Bytes> certificate_of_client(TlsStream& stream) {
  return client_certificate(stream.native_handle());
}

/// Whether a handshake ended by what TLS refuses, and not by a peer that left.
inline bool is_refusal(const boost::system::error_code& error) {
  return error.category() == boost::asio::error::get_ssl_category();
}

}  // namespace signet::http
