#include "adapters/http/request_head.h"

#include <algorithm>

#include "adapters/http/request_target.h"
#include "base/encoding.h"

namespace signet::http {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// RFC 3986 §2: unreserved and sub-delims, and the signs of `more`.
bool is_of_name(char c, std::string_view more) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=";
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || is_digit(c) || kMarks.find(c) != std::string_view::npos ||
         more.find(c) != std::string_view::npos;
}

bool is_name(std::string_view text, std::string_view more) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (!is_escape && !is_of_name(text[i], more)) return false;
  }
  return true;
}

/// `text` begins with '['. Octets up to its end, both brackets counted; 0 where it is no
/// IP-literal.
std::size_t literal_octets(std::string_view text) {
  const auto end = text.find(']');
  if (end == std::string_view::npos || end == 1) return 0;
  return is_name(text.substr(1, end - 1), ":") ? end + 1 : 0;
}

std::optional<HeadRefusal> refuse_host(const RequestHead& head) {
  if (head.host_lines == 0 && head.version >= 11) return HeadRefusal{400, "it has no Host"};
  if (head.host_lines > 1) return HeadRefusal{400, "it has more than one Host"};
  if (!is_host(head.host)) return HeadRefusal{400, "its Host is no host and port"};
  // RFC 9112 §3.2.2: where the target names a host, Host is passed over, whatever it says.
  const auto authority = authority_of(head.target);
  if (!authority) return std::nullopt;
  const bool names_host = !authority->empty() && !authority->starts_with(':');
  if (names_host && is_host(*authority)) return std::nullopt;
  return HeadRefusal{400, "its target names no host and port"};
}

std::optional<HeadRefusal> refuse_coding(const RequestHead& head) {
  if (head.transfer_encoding_lines == 0) return std::nullopt;
  if (head.version < 11) return HeadRefusal{400, "HTTP/1.0 has no Transfer-Encoding"};
  // RFC 9112 §6.3: where such a body ends, nobody can tell.
  if (!head.is_chunked) return HeadRefusal{400, "its Transfer-Encoding does not end in chunked"};
  const bool is_alone =
      head.transfer_encoding_lines == 1 && lower_case(head.transfer_encoding) == "chunked";
  if (is_alone) return std::nullopt;
  return HeadRefusal{501, "its Transfer-Encoding is another than chunked alone"};
}

}  // namespace

bool is_host(std::string_view text) {
  const bool is_literal = text.starts_with('[');
  const auto host_octets =
      is_literal ? literal_octets(text) : std::min(text.find(':'), text.size());
  if (is_literal && host_octets == 0) return false;
  const auto port = text.substr(host_octets);
  if (!port.empty() && !port.starts_with(':')) return false;
  if (!port.empty() && !std::all_of(port.begin() + 1, port.end(), is_digit)) return false;
  return is_literal || is_name(text.substr(0, host_octets), "");
}

std::optional<HeadRefusal> refuse_head(const RequestHead& head) {
  if (auto refusal = refuse_host(head)) return refusal;
  return refuse_coding(head);
}

}  // namespace signet::http
