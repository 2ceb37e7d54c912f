#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::http {

/// What a POST brought back, whatever its status.
struct Reply {
  int status = 0;
  std::string content_type;
  Bytes body;
  /// Of TransportSettings::any_server: the certificates that the server presented, PEM, its own
  /// first, whose key the handshake proved.
  std::vector<std::string> server_certificates = {};
};

struct TransportSettings {
  std::string ca_file;                  ///< PEM of the server's CA; empty: the system's
  std::string client_certificate_file;  ///< PEM chain; empty: none is offered
  std::string client_key_file;          ///< PEM
  SecretBytes client_key_passphrase;
  long connect_timeout_seconds = 10;
  long timeout_seconds = 60;
  bool plain_http = false;  ///< http:// too: nobody vouches for the server, and all may read
  std::string proxy;        ///< empty: from the environment, as curl does
  /// Whoever answers is spoken to: who that was is judged afterwards, by server_certificates.
  bool any_server = false;
  std::size_t most_octets = 16UL * 1024 * 1024;  ///< of an answer's body
};

/// An HTTPS client (libcurl), one connection kept alive. Not for several threads at once.
/// Each way to fail has its own message that says what to do: name not resolved, connection
/// refused, timed out, server certificate not trusted / expired / for another name, handshake
/// refused (no client certificate accepted), connection cut, proxy. Never follows redirects, never
/// repeats.
class Transport {
 public:
  static Result<std::unique_ptr<Transport>> open(TransportSettings settings);
  ~Transport();
  Result<Reply> post(const std::string& url, const std::string& content_type, ByteView body);
  Result<Reply> fetch(const std::string& url);

 private:
  struct Impl;
  explicit Transport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::http
