#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/shared_body.h"
#include "adapters/listener/settings.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::http {

/// An HTTP request, whole. Header names are compared without regard to case.
struct Request {
  std::string method;
  std::string path;       ///< without the query, as sent (no decoding)
  std::string query;      ///< after '?', may be empty
  unsigned version = 11;  ///< 10: HTTP/1.0
  std::string content_type;
  std::string if_none_match;      ///< as sent; empty when absent
  std::string if_modified_since;  ///< as sent; empty when absent
  std::string origin;             ///< Origin (RFC 6454 §7), likewise
  std::string fetch_site;         ///< Sec-Fetch-Site (W3C Fetch Metadata), likewise
  std::string referer;            ///< Referer (RFC 9110 §10.1.3), likewise
  Bytes body;
  std::optional<Bytes> client_certificate;  ///< DER, when TLS client authentication took place
  std::string client_address;
};

using Header = std::pair<std::string, std::string>;  ///< name, value

struct Response {
  int status = 200;
  std::string content_type;
  Bytes body;
  std::vector<Header> headers;
  std::shared_ptr<const SharedBody> shared_body = {};  ///< in place of `body`
  /// Where whoever made `body` counts what is held of such: let go once it was sent, or is lost.
  std::shared_ptr<const void> room = {};
};

/// The value of a query parameter, percent-decoded; none when absent.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);
/// A part of a path, percent-decoded. Unlike in a query, '+' is itself.
std::string path_decoded(std::string_view part);

/// plain: HTTP, for what is signed in itself (OCSP, CRLs, certificates). The certificate, key and
/// authorities of the settings are then not looked at.
enum class Protection { tls, plain };

/// Who would get one long answer more than there is room for, or than one client may have, is told
/// 503 (`shared_body` is held once, and does not count, nor does what has room of its own).
struct ServerSettings : listener::Settings {
  Protection protection = Protection::tls;
  std::string certificate_chain_pem;
  SecretBytes private_key_pem;
  SecretBytes private_key_passphrase;
  /// Names offered to clients for their certificates: the CA certificates, PEM.
  std::string client_authorities_pem;
  std::size_t maximum_body_octets = 256 * 1024;
};

/// An HTTPS server (Boost.Asio, Beast): TLS 1.2 and later by BCP 195, no early data (F10, F11), a
/// client certificate asked for and never demanded. Who may do what is decided behind `respond`.
/// With Protection::plain, the same without TLS.
///
/// The client's certificate must be on a path to `client_authorities_pem`, expired or not: the
/// message layer refuses an expired one with a reason, the handshake could not.
class Server {
 public:
  using Reply = std::function<void(Response)>;
  /// Called on one of the server's threads. `reply` may be called from any thread, once, and not
  /// after the Server is gone: end what calls it first.
  using Respond = std::function<void(Request, Reply)>;

  /// Keeps no key: `settings` go with the call. Faults: bad_configuration (certificate, key,
  /// address in use), saying what to do.
  static Result<std::unique_ptr<Server>> start(ServerSettings settings, Respond respond, Log& log);
  /// Whether `start` could use the certificate, key and authorities; opens nothing.
  static Result<void> check(const ServerSettings& settings);
  /// As drain(0).
  ~Server();
  /// Shows these certificates, key and authorities to who connects from here on; the rest of the
  /// settings is not looked at, and connections that there are stay. Faults: bad_configuration;
  /// the old ones then stay in use.
  Result<void> use_certificate(const ServerSettings& settings);

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  /// Closed before a word was said: over one of the limits of connections.
  [[nodiscard]] std::uint64_t refused_connections() const;
  /// Those that TLS refused: other octets than TLS, versions and suites that are not offered, a
  /// client certificate of an unknown authority. Who leaves or says nothing is not counted.
  [[nodiscard]] std::uint64_t failed_handshakes() const;
  /// Takes no connection and no request from here on; closes where none is under way.
  void stop_accepting();
  /// Stops accepting, lets requests under way finish for at most `grace`, closes, joins the
  /// threads.
  void drain(std::chrono::seconds grace);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::http
