#include "policy/text.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace signet::policy {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_without_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::int64_t> number_from_text(std::string_view text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || rest != end) return std::nullopt;
  return number;
}

Result<Bytes> ip_address_from_text(std::string_view text) {
  const std::string terminated{text};
  Bytes octets(text.find(':') == std::string_view::npos ? 4 : 16);
  const int family = octets.size() == 4 ? AF_INET : AF_INET6;
  if (::inet_pton(family, terminated.c_str(), octets.data()) == 1) return octets;
  return Error{Fault::malformed, "'" + terminated + "' is no IPv4 or IPv6 address"};
}

}  // namespace signet::policy
