#pragma once

#include "adapters/tcp/server.h"
#include "apps/signetd/routes.h"

namespace signet::server {

/// CMC over TCP (RFC 10003 §7): a message in, its answer out. There is neither path nor query, so
/// the profile is chosen by who asks and how, and no TLS client certificate. Where HTTP would
/// answer without a CMC message, nothing is answered, and the connection is closed.
void route_tcp(const RouteParts& parts, tcp::Message message, tcp::Server::Reply reply);

}  // namespace signet::server
