#pragma once

#include <string>
#include <string_view>

/// Private to this room.
namespace signet::http {

/// What a request asks for, both parts as they were sent; without query, `query` is empty.
struct RequestTarget {
  std::string path;
  std::string query;
};

/// RFC 9112 §3.2: origin-form (`/cmc?profileId=x`), or absolute-form
/// (`https://host/cmc?profileId=x`), which servers must take and proxies send; its authority is not
/// looked at. Other forms are taken for a path, which nothing has.
RequestTarget read_request_target(std::string_view target);

}  // namespace signet::http
