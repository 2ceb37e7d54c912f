#include "codec/pkix/general_name.h"

#include <algorithm>

#include "base/overloaded.h"

/// GeneralName ::= CHOICE {
///   otherName [0] OtherName, rfc822Name [1] IA5String, dNSName [2] IA5String,
///   x400Address [3] ORAddress, directoryName [4] Name, ediPartyName [5] EDIPartyName,
///   uniformResourceIdentifier [6] IA5String, iPAddress [7] OCTET STRING, registeredID [8] OID }
namespace signet::pkix {
namespace {

constexpr auto kOtherName = asn1::context_constructed(0);
constexpr auto kRfc822Name = asn1::context(1);
constexpr auto kDnsName = asn1::context(2);
constexpr auto kX400Address = asn1::context_constructed(3);
constexpr auto kDirectoryName = asn1::context_constructed(4);
constexpr auto kEdiPartyName = asn1::context_constructed(5);
constexpr auto kUniformResourceIdentifier = asn1::context(6);
constexpr auto kIpAddress = asn1::context(7);
constexpr auto kRegisteredId = asn1::context(8);

/// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
Result<GeneralName> read_other_name(asn1::Reader& reader) {
  auto fields = TRY(reader.enter(kOtherName));
  OtherName name;
  name.type_id = TRY(fields.read_oid());
  auto value = TRY(fields.enter(asn1::context_constructed(0)));
  name.value = to_bytes(TRY(value.read_any()).tlv);
  TRY(value.finish());
  TRY(fields.finish());
  return GeneralName(std::move(name));
}

/// IA5String without control characters: none of the three names has any, and a NUL inside has
/// served to deceive.
Result<std::string> read_visible_ia5(asn1::Reader& reader, asn1::Tag tag) {
  const auto value_at = reader.offset();
  const auto octets = TRY(reader.read_octet_string(tag));
  const bool visible = std::all_of(octets.begin(), octets.end(),
                                   [](auto octet) { return octet >= 0x20 && octet <= 0x7E; });
  if (!visible) {
    return Error{Fault::malformed, "the name at octet " + std::to_string(value_at) +
                                       " holds what is no visible ASCII character"};
  }
  return std::string(as_text(octets));
}

Result<GeneralName> read_directory_name(asn1::Reader& reader) {
  auto explicit_tag = TRY(reader.enter(kDirectoryName));
  auto name = TRY(read_name(explicit_tag));
  TRY(explicit_tag.finish());
  return GeneralName(std::move(name));
}

Result<GeneralName> read_ip_address(asn1::Reader& reader, IpAddressForm form) {
  const std::size_t parts = form == IpAddressForm::range ? 2 : 1;
  const auto value_at = reader.offset();
  auto octets = TRY(reader.read_octet_string(kIpAddress));
  if (octets.size() != kIpv4Octets * parts && octets.size() != kIpv6Octets * parts) {
    return Error{Fault::malformed, "the iPAddress at octet " + std::to_string(value_at) + " has " +
                                       std::to_string(octets.size()) + " octets"};
  }
  return GeneralName(IpAddress{std::move(octets)});
}

}  // namespace

Result<GeneralName> read_general_name(asn1::Reader& reader, IpAddressForm form) {
  const auto tag = reader.peek().value_or(asn1::Tag{});
  if (tag.tag_class == asn1::Class::context) {
    switch (tag.number) {
      case kOtherName.number:
        return read_other_name(reader);
      case kRfc822Name.number:
        return GeneralName(Rfc822Name{TRY(read_visible_ia5(reader, kRfc822Name))});
      case kDnsName.number:
        return GeneralName(DnsName{TRY(read_visible_ia5(reader, kDnsName))});
      case kX400Address.number:
        return GeneralName(UnreadName{to_bytes(TRY(reader.read(kX400Address)).tlv)});
      case kDirectoryName.number:
        return read_directory_name(reader);
      case kEdiPartyName.number:
        return GeneralName(UnreadName{to_bytes(TRY(reader.read(kEdiPartyName)).tlv)});
      case kUniformResourceIdentifier.number:
        return GeneralName(
            UniformResourceIdentifier{TRY(read_visible_ia5(reader, kUniformResourceIdentifier))});
      case kIpAddress.number:
        return read_ip_address(reader, form);
      case kRegisteredId.number:
        return GeneralName(RegisteredId{TRY(reader.read_oid(kRegisteredId))});
      default:
        break;
    }
  }
  const auto found_at = reader.offset();
  const auto found = TRY(reader.read_any());
  return Error{Fault::malformed, "GeneralName wanted at octet " + std::to_string(found_at) +
                                     ", not " + to_text(found.tag)};
}

void write_general_name(asn1::Writer& writer, const GeneralName& name) {
  std::visit(
      Overloaded{
          [&](const OtherName& other) {
            writer.constructed(kOtherName, [&] {
              writer.oid(other.type_id);
              writer.constructed(asn1::context_constructed(0), [&] { writer.raw(other.value); });
            });
          },
          [&](const Rfc822Name& mail) { writer.primitive(kRfc822Name, as_bytes(mail.value)); },
          [&](const DnsName& host) { writer.primitive(kDnsName, as_bytes(host.value)); },
          [&](const Name& directory) {
            writer.constructed(kDirectoryName, [&] { write_name(writer, directory); });
          },
          [&](const UniformResourceIdentifier& uri) {
            writer.primitive(kUniformResourceIdentifier, as_bytes(uri.value));
          },
          [&](const IpAddress& address) { writer.primitive(kIpAddress, address.octets); },
          [&](const RegisteredId& id) { writer.oid(id.value, kRegisteredId); },
          [&](const UnreadName& unread) { writer.raw(unread.tlv); },
      },
      name);
}

Result<GeneralNames> read_general_names(asn1::Reader& reader, asn1::Tag tag) {
  auto members = TRY(reader.enter(tag));
  if (members.at_end()) {
    return Error{Fault::malformed,
                 "GeneralNames without a name before octet " + std::to_string(members.offset())};
  }
  GeneralNames names;
  while (!members.at_end()) names.push_back(TRY(read_general_name(members)));
  return names;
}

void write_general_names(asn1::Writer& writer, const GeneralNames& names, asn1::Tag tag) {
  writer.constructed(tag, [&] {
    for (const auto& name : names) write_general_name(writer, name);
  });
}

}  // namespace signet::pkix
