#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "apps/exchange/request_options.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

Result<pkix::GeneralName> ip_address(const std::string& text) {
  const bool six = text.find(':') != std::string::npos;
  std::array<std::uint8_t, 16> octets{};
  if (::inet_pton(six ? AF_INET6 : AF_INET, text.c_str(), octets.data()) != 1) {
    return Error{Fault::malformed, "\"" + text + "\" is no IP address"};
  }
  return pkix::GeneralName{pkix::IpAddress{{octets.begin(), octets.begin() + (six ? 16 : 4)}}};
}

bool is_ia5(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) > 0x20 && static_cast<unsigned char>(letter) < 0x7F;
  });
}

}  // namespace

Result<pkix::GeneralName> general_name_from_text(const std::string& text) {
  const auto colon = text.find(':');
  const auto kind = lower_case(text.substr(0, colon));
  const auto value = colon == std::string::npos ? std::string{} : text.substr(colon + 1);
  if (value.empty()) {
    return Error{Fault::malformed, "\"" + text +
                                       "\" is no name: write DNS:host, IP:address, email:address, "
                                       "URI:address, DirName:CN=… or OID:1.2.3"};
  }
  if (kind == "ip") return ip_address(value);
  if (kind == "dirname") return pkix::GeneralName{TRY(pkix::name_from_text(value))};
  if (kind == "oid") {
    return pkix::GeneralName{pkix::RegisteredId{TRY(asn1::Oid::from_text(value))}};
  }
  if (!is_ia5(value)) {
    return Error{Fault::malformed, "\"" + value +
                                       "\" has characters outside of ASCII: write a "
                                       "domain name in its A-label form (xn--…)"};
  }
  if (kind == "dns") return pkix::GeneralName{pkix::DnsName{value}};
  if (kind == "email") return pkix::GeneralName{pkix::Rfc822Name{value}};
  if (kind == "uri") return pkix::GeneralName{pkix::UniformResourceIdentifier{value}};
  return Error{Fault::malformed, "\"" + text.substr(0, colon) +
                                     "\" is no kind of name: write DNS, IP, email, URI, DirName or "
                                     "OID before the colon"};
}

}  // namespace signet::tool
