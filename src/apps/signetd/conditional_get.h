#pragma once

#include "adapters/http/server.h"
#include "base/clock.h"

namespace signet::server {

/// "Tue, 24 Nov 2026 01:02:03 GMT" (RFC 9110 §5.6.7)
std::string http_date(Time time);

/// `response` as it is, or 304 without its body when the client has it already: by If-None-Match
/// and the ETag, else by If-Modified-Since and Last-Modified (RFC 9110 §13.2.2).
http::Response unless_known(const http::Request& request, http::Response response);

}  // namespace signet::server
