#pragma once

#include <boost/asio/ssl/context.hpp>
#include <optional>

#include "adapters/http/server.h"

namespace signet::http {

/// A TLS server context by BCP 195: TLS 1.2 with forward secrecy and AEAD, and TLS 1.3; no early
/// data, no renegotiation, no compression, no resumption (so that every connection shows its client
/// certificate anew). Faults: bad_configuration.
Result<boost::asio::ssl::context> make_tls_context(const ServerSettings& settings);

/// The client's certificate of a finished handshake; none when it presented none.
std::optional<Bytes> client_certificate(SSL* tls);

}  // namespace signet::http
