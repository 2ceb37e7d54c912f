#include "adapters/tcp/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace signet::tcp {
namespace {

constexpr std::string_view kScheme = "tcp://";

Error no_address(std::string_view url) {
  return {Fault::bad_configuration,
          "\"" + std::string(url) +
              "\" is no address for CMC over TCP: write tcp://host, tcp://host:port or "
              "tcp://[IPv6]:port, with no path behind it"};
}

bool is_ipv6(const std::string& text) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

/// RFC 1123 §2.1, and what names are given within a house.
bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return is_letter || (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
           letter == '_';
  });
}

/// 1 to 65535; none when it is no such number.
std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

bool is_tcp_url(std::string_view url) {
  return url.size() >= kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), url.begin(), [](char wanted, char given) {
           return wanted == (given >= 'A' && given <= 'Z' ? given - 'A' + 'a' : given);
         });
}

Result<Address> read_tcp_url(std::string_view url) {
  if (!is_tcp_url(url)) return no_address(url);
  auto rest = url.substr(kScheme.size());
  const bool in_brackets = rest.starts_with('[');
  const auto end = in_brackets ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (end == std::string_view::npos) return no_address(url);
  Address address{std::string(rest.substr(in_brackets ? 1 : 0, in_brackets ? end - 1 : end)),
                  kRegisteredPort};
  const bool is_host = in_brackets ? is_ipv6(address.host) : is_host_name(address.host);
  if (!is_host) return no_address(url);
  rest = rest.substr(in_brackets ? end + 1 : end);
  if (rest.empty()) return address;
  const auto port = rest.starts_with(':') ? read_port(rest.substr(1)) : std::nullopt;
  if (!port) return no_address(url);
  address.port = *port;
  return address;
}

std::string to_text(const Address& address) {
  const bool is_six = address.host.find(':') != std::string::npos;
  return (is_six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace signet::tcp
