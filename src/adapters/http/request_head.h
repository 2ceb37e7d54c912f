#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Private to this room.
namespace signet::http {

/// What of a request's head tells whether it may be taken as it stands; views of it.
struct RequestHead {
  unsigned version = 11;
  std::string_view target = {};
  std::string_view host = {};  ///< of the first Host line; empty when there is none
  std::size_t host_lines = 0;
  std::string_view transfer_encoding = {};  ///< of the first such line
  std::size_t transfer_encoding_lines = 0;
  bool is_chunked = false;  ///< where "chunked" is the last of the codings
};

/// What is answered instead of taking it; the connection is then closed.
struct HeadRefusal {
  int status;
  std::string why;  ///< "it has no Host"
};
/// None: it may be taken. 400: it does not say whom it is for (RFC 9112 §3.2), or where its body
/// ends (§6.1, §6.3). 501: its body is coded otherwise than in chunks (§6.1).
std::optional<HeadRefusal> refuse_head(const RequestHead& head);

/// Whether it is uri-host, with ":" and a port behind it or without (RFC 9110 §7.2, RFC 3986
/// §3.2.2), as a Host line and the absolute form of a target have it. Without a host it is one too.
bool is_host(std::string_view text);

}  // namespace signet::http
