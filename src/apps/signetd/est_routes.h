#pragma once

#include "apps/signetd/routes.h"

namespace signet::server {

/// Whether it is below /.well-known/est, with or without a label.
bool is_est_path(std::string_view path);

/// What of EST is CMC: /fullcmc (RFC 7030 §4.3), and /cacerts (§4.1), from which a client learns
/// the certificates that it rests on. Bodies are base64 both ways (RFC 8951 §3). A label is the
/// profile's id: /.well-known/est/caFullCMCUserCert/fullcmc.
///
/// Unlike over /cmc the HTTP status tells whether the message was refused; the CMC response that
/// says why comes with it (§4.3.2).
void answer_est(const RouteParts& parts, http::Request request, http::Server::Reply reply);

}  // namespace signet::server
