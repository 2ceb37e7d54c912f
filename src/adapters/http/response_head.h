#pragma once

#include <string>

#include "adapters/http/server.h"

/// Private to this room.
namespace signet::http {

/// Whether a response speaks of its connection, which is then closed.
bool names_connection(const Response& response);

/// A response up to its body (RFC 9112 §4, §5). `version`: 11 for HTTP/1.1, 10 for HTTP/1.0.
std::string head_of(const Response& response, unsigned version, bool keeps_alive);

}  // namespace signet::http
