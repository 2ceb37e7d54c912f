#pragma once

#include <functional>

#include "adapters/http/server.h"
#include "apps/signetd/condition.h"
#include "apps/signetd/crl_shelf.h"
#include "apps/signetd/metrics.h"
#include "authority/ocsp_responder.h"
#include "authority/service.h"

namespace signet::server {

/// What the routes stand on: functions, so that a test can stand in for the authority.
struct RouteParts {
  std::function<void(authority::Inquiry, authority::Service::Deliver)> respond;
  std::function<Bytes()> certificate_chain;      ///< certs-only, DER
  std::function<std::string()> certificate_pem;  ///< the same certificates, PEM
  std::function<std::string()> encryption_pem;   ///< what to encrypt messages to; may be empty
  CrlShelf& crls;
  std::function<authority::OcspAnswer(ByteView)> ocsp;                ///< none: OCSP is not offered
  std::function<void(http::Request, http::Server::Reply)> agents;     ///< AgentLine
  std::function<void(std::function<void(const Condition&)>)> health;  ///< Health
  std::function<Metrics::Readings()> readings;  ///< for the metrics; known without waiting
  Metrics& metrics;
  /// So many header lines do answers to CMC messages over HTTP/1.0 have ([compatibility]
  /// header_lines): Dogtag's HttpClient skips that number unread. 0: as they come.
  int header_lines = 0;
  /// Over Dogtag's paths a message may be PEM or base64 ([compatibility] text_bodies).
  bool text_bodies = false;
};

/// HTTP to CMC and back (RFC 10003 §6; Dogtag's paths as dogtag/server.md §1 has them).
void route(const RouteParts& parts, http::Request request, http::Server::Reply reply);

/// What may come and go without TLS, being signed in itself: OCSP, the CRL and the chain; and
/// /healthz. CMC never.
void route_plain(const RouteParts& parts, http::Request request, const http::Server::Reply& reply);

}  // namespace signet::server
