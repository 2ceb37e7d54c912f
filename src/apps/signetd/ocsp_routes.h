#pragma once

#include "apps/signetd/routes.h"

namespace signet::server {

/// Whether it leads to the OCSP responder: /ocsp, /ca/ocsp (Dogtag's), and what is below.
bool is_ocsp_path(std::string_view path);

/// OCSP over HTTP (RFC 6960 appendix A): POST of a request, or GET with its base64 as the last part
/// of the path, whose answers say how long they may be kept (RFC 5019 §6.2).
http::Response answer_ocsp(const RouteParts& parts, const http::Request& request);

}  // namespace signet::server
