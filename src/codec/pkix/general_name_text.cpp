#include <algorithm>

#include "base/overloaded.h"
#include "codec/pkix/ascii.h"
#include "codec/pkix/general_name.h"

namespace signet::pkix {
namespace {

std::string lower_from(std::string text, std::size_t first) {
  const auto from = text.begin() + static_cast<std::ptrdiff_t>(std::min(first, text.size()));
  std::transform(from, text.end(), from, lower);
  return text;
}

std::string dotted_ipv4(ByteView octets) {
  std::string text;
  for (const auto octet : octets) text += (text.empty() ? "" : ".") + std::to_string(octet);
  return text;
}

struct ZeroRun {
  std::size_t at = 0;
  std::size_t size = 0;
};

/// The first of the longest runs of two and more zero groups: what RFC 5952 §4.2 writes as "::".
ZeroRun longest_zero_run(ByteView octets) {
  constexpr std::size_t kGroups = kIpv6Octets / 2;
  ZeroRun longest{.at = kGroups, .size = 1};
  ZeroRun run;
  for (std::size_t i = 0; i < kGroups; ++i) {
    const bool zero = octets[2 * i] == 0 && octets[2 * i + 1] == 0;
    run = zero ? ZeroRun{run.size == 0 ? i : run.at, run.size + 1} : ZeroRun{};
    if (run.size > longest.size) longest = run;
  }
  return longest;
}

/// A group of 16 bits, in hexadecimal without leading zeros.
std::string group_text(ByteView octets) {
  const auto digits = to_hex(octets);
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::string ipv6_text(ByteView octets) {
  constexpr std::size_t kGroups = kIpv6Octets / 2;
  const auto zeros = longest_zero_run(octets);
  std::string text;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.at) {
      text += "::";
      i += zeros.size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += group_text(octets.subspan(2 * i, 2));
  }
  return text;
}

std::string address_text(ByteView octets) {
  if (octets.size() == kIpv4Octets) return dotted_ipv4(octets);
  if (octets.size() == kIpv6Octets) return ipv6_text(octets);
  if (octets.size() == 2 * kIpv4Octets || octets.size() == 2 * kIpv6Octets) {
    const auto half = octets.size() / 2;
    return address_text(octets.first(half)) + "/" + address_text(octets.subspan(half));
  }
  return "#" + to_hex(octets);
}

/// What same_names compares: hosts do not care about case, a mailbox before its '@' may.
GeneralName folded(const GeneralName& name) {
  if (const auto* host = std::get_if<DnsName>(&name)) return DnsName{lower_from(host->value, 0)};
  if (const auto* mail = std::get_if<Rfc822Name>(&name)) {
    return Rfc822Name{lower_from(mail->value, mail->value.rfind('@'))};
  }
  return name;
}

std::vector<Bytes> as_set(const GeneralNames& names) {
  std::vector<Bytes> encodings;
  for (const auto& name : names) {
    asn1::Writer writer;
    write_general_name(writer, folded(name));
    encodings.push_back(std::move(writer).take());
  }
  std::sort(encodings.begin(), encodings.end());
  encodings.erase(std::unique(encodings.begin(), encodings.end()), encodings.end());
  return encodings;
}

}  // namespace

std::string to_text(const GeneralName& name) {
  return std::visit(
      Overloaded{
          [](const OtherName& other) {
            return "other:" + other.type_id.to_text() + "=#" + to_hex(other.value);
          },
          [](const Rfc822Name& mail) { return "email:" + mail.value; },
          [](const DnsName& host) { return "DNS:" + host.value; },
          [](const Name& directory) { return "DirName:" + to_text(directory); },
          [](const UniformResourceIdentifier& uri) { return "URI:" + uri.value; },
          [](const IpAddress& address) { return "IP:" + address_text(address.octets); },
          [](const RegisteredId& id) { return "OID:" + id.value.to_text(); },
          [](const UnreadName& unread) { return "unread:#" + to_hex(unread.tlv); },
      },
      name);
}

bool same_names(const GeneralNames& left, const GeneralNames& right) {
  return as_set(left) == as_set(right);
}

}  // namespace signet::pkix
