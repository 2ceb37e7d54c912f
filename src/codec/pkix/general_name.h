#pragma once

#include <variant>

#include "codec/pkix/name.h"

namespace signet::pkix {

/// `value` is the whole TLV inside its [0].
struct OtherName {
  Oid type_id;
  Bytes value;
  bool operator==(const OtherName&) const = default;
};
struct Rfc822Name {
  std::string value;
  bool operator==(const Rfc822Name&) const = default;
};
struct DnsName {
  std::string value;
  bool operator==(const DnsName&) const = default;
};
struct UniformResourceIdentifier {
  std::string value;
  bool operator==(const UniformResourceIdentifier&) const = default;
};
struct IpAddress {
  Bytes octets;
  bool operator==(const IpAddress&) const = default;
};
struct RegisteredId {
  Oid value;
  bool operator==(const RegisteredId&) const = default;
};
/// x400Address [3] and ediPartyName [5]: kept unread, whole TLV.
struct UnreadName {
  Bytes tlv;
  bool operator==(const UnreadName&) const = default;
};

/// GeneralName ::= CHOICE (RFC 5280 §4.2.1.6); directoryName [4] is EXPLICIT.
using GeneralName = std::variant<OtherName, Rfc822Name, DnsName, Name, UniformResourceIdentifier,
                                 IpAddress, RegisteredId, UnreadName>;
using GeneralNames = std::vector<GeneralName>;

/// An iPAddress is 4 or 16 octets; in name constraints twice that, address and mask.
enum class IpAddressForm { host, range };
constexpr std::size_t kIpv4Octets = 4;
constexpr std::size_t kIpv6Octets = 16;

Result<GeneralName> read_general_name(asn1::Reader& reader,
                                      IpAddressForm form = IpAddressForm::host);
void write_general_name(asn1::Writer& writer, const GeneralName& name);
/// SEQUENCE SIZE (1..MAX) OF GeneralName under `tag`.
Result<GeneralNames> read_general_names(asn1::Reader& reader, asn1::Tag tag = asn1::kSequence);
void write_general_names(asn1::Writer& writer, const GeneralNames& names,
                         asn1::Tag tag = asn1::kSequence);

/// "DNS:host.example", "email:…", "IP:192.0.2.1", "DirName:CN=…", "URI:…", "OID:…", "other:…".
std::string to_text(const GeneralName& name);
/// The same as sets: order and repetition aside, octets compared (DNS and mail host case folded).
bool same_names(const GeneralNames& left, const GeneralNames& right);

}  // namespace signet::pkix
