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
              "tcp://[IPv6]:port (of one link: tcp://[IPv6%interface]:port), with no path behind "
              "it"};
}

bool is_letter_or_digit(char each) {
  const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
  return is_letter || (each >= '0' && each <= '9');
}

/// An interface's name or number (RFC 4007 §11.2), of what a URL may hold unescaped (RFC 6874 §2).
bool is_zone(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) {
    return is_letter_or_digit(each) ||
           std::string_view("-._~").find(each) != std::string_view::npos;
  });
}

/// The "%" of a zone is "%25" in a URL (RFC 6874 §2), and "%" where somebody types it.
std::string with_plain_zone(std::string_view host) {
  constexpr std::string_view kEscaped = "%25";
  const auto at = host.find('%');
  const bool is_escaped = at != std::string_view::npos && host.substr(at).starts_with(kEscaped) &&
                          host.size() > at + kEscaped.size();
  if (!is_escaped) return std::string(host);
  return std::string(host.substr(0, at + 1)) + std::string(host.substr(at + kEscaped.size()));
}

bool is_ipv6(const std::string& text) {
  const auto zone = text.find('%');
  if (zone != std::string::npos && !is_zone(std::string_view(text).substr(zone + 1))) return false;
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, text.substr(0, zone).c_str(), &ignored) == 1;
}

/// RFC 1123 §2.1, and what names are given within a house.
bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return is_letter_or_digit(letter) || letter == '-' || letter == '.' || letter == '_';
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
  Address address{
      in_brackets ? with_plain_zone(rest.substr(1, end - 1)) : std::string(rest.substr(0, end)),
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
