#pragma once

#include <optional>
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
/// (`https://host/cmc?profileId=x`), which servers must take and proxies send; one authority is
/// served here, under whatever name. Other forms are taken for a path, which nothing has.
RequestTarget read_request_target(std::string_view target);

/// What stands between scheme and path of the absolute form, unchecked; none in other forms.
std::optional<std::string_view> authority_of(std::string_view target);

}  // namespace signet::http
