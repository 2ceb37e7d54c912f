#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "apps/tool/context.h"
#include "apps/tool/credentials.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

/// Where a message goes, as the command line says it.
struct ServerOptions {
  std::string url;
  std::string path;  ///< "/cmc" when neither this nor --url names one
  std::string profile;
  std::string anchors;  ///< --ca: whom we trust to answer, and the TLS server unless tls_anchors
  std::string tls_anchors;
  long timeout_seconds = 60;
};
void add_server_options(CLI::App& command, ServerOptions& options);
/// Whether messages go over TCP alone: there is no path and no profile then, and nobody shows or
/// sees a TLS certificate.
bool goes_over_tcp(const ServerOptions& options);
/// What may stand in an address (RFC 3986 §2): no blank, nothing that is not ASCII. Faults:
/// malformed.
Result<void> check_address_characters(const std::string& text);
/// A path on --url, or a whole http(s) address. Faults: malformed.
Result<void> check_place(const std::string& text);
/// --url alone.
void add_url_option(CLI::App& command, ServerOptions& options);
void add_anchors_option(CLI::App& command, std::string& anchors);

/// The whole address: --url, --path and ?profileId=; or tcp://host:port. Faults: bad_configuration
/// for an --url that is no http(s) or tcp address or has a path of its own beside --path, and for
/// what there is not over TCP.
Result<std::string> address_of(const ServerOptions& options);

/// The host alone: no user, no port, an IPv6 address without brackets. Faults: bad_configuration.
Result<std::string> host_of(const std::string& url);

/// What the options alone show. Faults: as address_of.
Result<void> check_server(const ServerOptions& options);

/// "application/pkcs10" for a bare PKCS#10, else that of a Full PKI Request (RFC 10003 §6.1).
std::string content_type_of(ByteView message);

/// Sends one message and gives the answer's octets, a CMC message also where the HTTP status tells
/// a failure; or over TCP (RFC 10003 §7), where `signer` is not shown. To EST's /fullcmc both go in
/// base64 (RFC 8951 §3). `signer` is offered as TLS client certificate; none when null. Faults: as
/// http::Transport and tcp::Client, the address named; directory_unreachable or busy for an HTTP
/// answer that is no CMC message. `met`: whoever listens there is sent the message, and its TLS
/// certificates are put here, its own first (none over TCP); then `signer` is null. Null: the
/// anchors of `options` vouch for it.
Result<Bytes> post(const ServerOptions& options, const Signer* signer, ByteView message,
                   const Context& context, const Surroundings& surroundings,
                   std::vector<pkix::Certificate>* met = nullptr);

/// Something else than a message: a POST where `content_type` is given, else a GET. `address`: a
/// path on the server of `options.url`, or a whole URL; http:// too where no signer is shown, for
/// what is signed in itself.
struct HttpCall {
  std::string address;
  std::string content_type = {};
  Bytes body = {};
  std::size_t most_octets = 16UL * 1024 * 1024;  ///< of the answer
};
/// The answer, whatever its status. Faults: as http::Transport, the address named.
Result<http::Reply> call(const ServerOptions& options, const Signer* signer, const HttpCall& wanted,
                         const Surroundings& surroundings);

}  // namespace signet::tool
