#pragma once

#include <chrono>
#include <string>

#include "adapters/http/server.h"

/// Private to this room.
namespace signet::http {

/// Whether a response speaks of its connection, which is then closed.
bool names_connection(const Response& response);

/// What a head says beside its response.
struct HeadSetting {
  unsigned version = 11;  ///< 11 for HTTP/1.1, 10 for HTTP/1.0
  bool keeps_alive = false;
  std::chrono::system_clock::time_point now;
};

/// A response up to its body (RFC 9112 §4, §5). Over HTTP/1.1 it has a Date (RFC 9110 §6.6.1): the
/// response's own, else `now`. Over HTTP/1.0 only the response's own: Dogtag's client counts lines.
std::string head_of(const Response& response, const HeadSetting& setting);

}  // namespace signet::http
