#include "apps/configuration/listening_places.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace signet::server {
namespace {

struct Place {
  std::string_view name;  ///< of its port in the file
  std::string_view address;
  std::int64_t port;
};

using Octets = std::array<std::uint8_t, 16>;
constexpr std::size_t kPrefixOctets = 12;  // of an IPv4 address as IPv6 writes it

std::string_view zone_of(std::string_view address) {
  return address.substr(std::min(address.find('%'), address.size()));
}

/// IPv4 as ::ffff:a.b.c.d; none: no IP address.
std::optional<Octets> octets_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  Octets octets{};
  for (const auto& form : {text, "::ffff:" + text}) {
    if (::inet_pton(AF_INET6, form.c_str(), octets.data()) == 1) return octets;
  }
  return std::nullopt;
}

/// Whether `one` is the address of all, or of all of IPv4, that `other` is among. Linux gives IPv4
/// to who listens at "::".
bool holds(const Octets& one, const Octets& other) {
  const Octets any{};
  auto any_of_four = any;
  any_of_four[10] = any_of_four[11] = 0xFF;
  return one == any || (one == any_of_four &&
                        std::equal(one.begin(), one.begin() + kPrefixOctets, other.begin()));
}

bool overlap(std::string_view one, std::string_view other) {
  const auto first = octets_of(one);
  const auto second = octets_of(other);
  if (!first || !second) return one == other;
  const bool are_same = *first == *second && zone_of(one) == zone_of(other);
  return are_same || holds(*first, *second) || holds(*second, *first);
}

std::string fault(const Place& one, const Place& other) {
  const auto quoted = [](std::string_view text) { return "\"" + std::string(text) + "\""; };
  const auto where = one.address == other.address
                         ? "at the same address, " + quoted(one.address)
                         : "at addresses that have it in common, " + quoted(other.address) +
                               " and " + quoted(one.address);
  return std::string(one.name) + " and " + std::string(other.name) + " are both " +
         std::to_string(one.port) + ", " + where + ": give each listener a port of its own";
}

}  // namespace

std::vector<std::string> faults_of_listeners(const Configuration& configuration) {
  const auto& http = configuration.http;
  const auto& tcp = configuration.tcp;
  const auto or_of_http = [&](const std::string& address) -> std::string_view {
    return address.empty() ? http.address : address;
  };
  const std::array places = {
      Place{"[http] port", http.address, http.port},
      Place{"[http] plain_port", or_of_http(http.plain_address), http.plain_port},
      Place{"[tcp] port", or_of_http(tcp.address), tcp.port}};
  std::vector<std::string> faults;
  for (auto later = places.begin(); later != places.end(); ++later) {
    for (auto earlier = places.begin(); earlier != later; ++earlier) {
      const bool is_one_port = later->port == earlier->port && later->port != 0;
      if (is_one_port && overlap(later->address, earlier->address)) {
        faults.push_back(fault(*later, *earlier));
      }
    }
  }
  return faults;
}

}  // namespace signet::server
