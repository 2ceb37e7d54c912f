#include "adapters/http/server.h"

namespace signet::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { blank, itself };

std::string percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += plus == Plus::blank && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::string query_decoded(std::string_view text) {
  return percent_decoded(text, Plus::blank);
}

}  // namespace

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (query_decoded(pair.substr(0, equals)) == name) {
      return equals == std::string_view::npos ? std::string()
                                              : query_decoded(pair.substr(equals + 1));
    }
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return std::nullopt;
}

std::string path_decoded(std::string_view part) {
  return percent_decoded(part, Plus::itself);
}

}  // namespace signet::http
