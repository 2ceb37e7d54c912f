#include "apps/signetd/conditional_get.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace signet::server {
namespace {

constexpr const char* kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";
constexpr int kNotModified = 304;

std::string_view header(const http::Response& response, std::string_view name) {
  for (const auto& [each, value] : response.headers) {
    if (each == name) return value;
  }
  return {};
}

std::optional<std::time_t> read_http_date(std::string_view text) {
  std::tm parts{};
  const std::string terminated(text);
  const auto* end = strptime(terminated.c_str(), kHttpDate, &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&parts);
}

/// If-None-Match = "*" / #entity-tag; weakly compared, as a GET does.
bool names_tag(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto each = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    each.remove_prefix(std::min(each.find_first_not_of(" \t"), each.size()));
    each = each.substr(0, each.find_last_not_of(" \t") + 1);
    if (each.substr(0, 2) == "W/") each.remove_prefix(2);
    if (each == "*" || each == tag) return true;
  }
  return false;
}

bool is_known(const http::Request& request, const http::Response& response) {
  const auto tag = header(response, "ETag");
  if (!request.if_none_match.empty()) return !tag.empty() && names_tag(request.if_none_match, tag);
  const auto since = read_http_date(request.if_modified_since);
  const auto modified = read_http_date(header(response, "Last-Modified"));
  return since && modified && *modified <= *since;
}

}  // namespace

std::string http_date(Time time) {
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto octets = std::strftime(text.data(), text.size(), kHttpDate, &parts);
  return {text.data(), octets};
}

http::Response unless_known(const http::Request& request, http::Response response) {
  if (response.status != 200 || request.method != "GET") return response;
  if (!is_known(request, response)) return response;
  response.status = kNotModified;
  response.content_type.clear();
  response.body.clear();
  response.shared_body.reset();
  return response;
}

}  // namespace signet::server
