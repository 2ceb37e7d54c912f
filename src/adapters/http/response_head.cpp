#include "adapters/http/response_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <string_view>

namespace signet::http {
namespace {

constexpr int kNotModified = 304;

bool names(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const Header& header) {
    return boost::beast::iequals(header.first, name);
  });
}

/// "Tue, 24 Nov 2026 01:00:00 GMT" (RFC 9110 §5.6.7).
std::string http_date(std::chrono::system_clock::time_point at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto octets = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), octets};
}

}  // namespace

bool names_connection(const Response& response) {
  return names(response, "Connection");
}

std::string head_of(const Response& response, const HeadSetting& setting) {
  const auto [version, keeps_alive, now] = setting;
  const auto status = static_cast<boost::beast::http::status>(response.status);
  std::string head = version >= 11 ? "HTTP/1.1 " : "HTTP/1.0 ";
  head.append(std::to_string(response.status)).append(" ");
  head.append(boost::beast::http::obsolete_reason(status)).append("\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  if (!response.content_type.empty()) add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) add(name, value);
  if (version >= 11 && !names(response, "Date")) add("Date", http_date(now));
  if (!names_connection(response)) {
    if (version >= 11 && !keeps_alive) add("Connection", "close");
    if (version < 11 && keeps_alive) add("Connection", "keep-alive");
  }
  // RFC 9110 §8.6: a Content-Length here would be that of the body left out.
  if (response.status != kNotModified) {
    const auto& shared = response.shared_body;
    add("Content-Length", std::to_string(shared ? shared->size() : response.body.size()));
  }
  return head.append("\r\n");
}

}  // namespace signet::http
