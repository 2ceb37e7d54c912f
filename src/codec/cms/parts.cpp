#include "codec/cms/parts.h"

#include "base/overloaded.h"
#include "codec/cms/der_form.h"
#include "codec/cms/strings.h"

namespace signet::cms {

using asn1::context;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

Result<int> read_version(Reader& reader) {
  constexpr std::int64_t kLastVersion = 5;
  const auto start = reader.offset();
  const auto version = TRY(reader.read_small_integer());
  if (version > kLastVersion) {
    return Error{Fault::malformed, "CMSVersion " + std::to_string(version) + " at octet " +
                                       std::to_string(start) + "; RFC 5652 knows 0 to 5"};
  }
  return static_cast<int>(version);
}

Result<std::optional<AttributeSet>> read_authenticated_attributes(Reader& reader, Tag tag) {
  const auto element = TRY(reader.read_optional(tag));
  if (!element) return std::optional<AttributeSet>();
  if (element->value.empty()) {
    return Error{Fault::malformed,
                 "a set of attributes without one before octet " + std::to_string(reader.offset())};
  }
  const auto members = TRY(reader.enter(*element));
  AttributeSet set;
  set.attributes = TRY(pkix::read_attributes(members));
  set.der = TRY(der_form(with_tag(element->tlv, asn1::kSet), asn1::Limits::der()));
  return std::optional<AttributeSet>(std::move(set));
}

Result<std::vector<Attribute>> read_optional_attributes(Reader& reader, Tag tag) {
  const auto members = TRY(reader.enter_optional(tag));
  if (!members) return std::vector<Attribute>();
  if (members->at_end()) {
    return Error{Fault::malformed,
                 "a set of attributes without one before octet " + std::to_string(reader.offset())};
  }
  return pkix::read_attributes(*members);
}

void write_authenticated_attributes(Writer& writer, const std::vector<Attribute>& attributes,
                                    const std::optional<Bytes>& der, Tag tag) {
  if (der) return writer.raw(with_tag(*der, tag));
  write_optional_attributes(writer, attributes, tag);
}

void write_optional_attributes(Writer& writer, const std::vector<Attribute>& attributes, Tag tag) {
  if (attributes.empty()) return;
  writer.set_of(
      [&] {
        for (const auto& attribute : attributes) pkix::write_attribute(writer, attribute);
      },
      tag);
}

/// IssuerAndSerialNumber ::= SEQUENCE { issuer Name, serialNumber CertificateSerialNumber }
Result<IssuerAndSerialNumber> read_issuer_and_serial_number(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  IssuerAndSerialNumber id;
  id.issuer = TRY(pkix::read_name(fields));
  id.serial_number = TRY(pkix::read_serial_number(fields));
  TRY(fields.finish());
  return id;
}

void write_issuer_and_serial_number(Writer& writer, const IssuerAndSerialNumber& id) {
  writer.sequence([&] {
    pkix::write_name(writer, id.issuer);
    writer.integer(id.serial_number);
  });
}

Result<SignerIdentifier> read_signer_identifier(Reader& reader) {
  if (next_is_string(reader, context(0))) {
    return SignerIdentifier(SubjectKeyIdentifier{TRY(reader.read_octet_string(context(0)))});
  }
  return SignerIdentifier(TRY(read_issuer_and_serial_number(reader)));
}

void write_signer_identifier(Writer& writer, const SignerIdentifier& id) {
  std::visit(Overloaded{[&](const IssuerAndSerialNumber& named) {
                          write_issuer_and_serial_number(writer, named);
                        },
                        [&](const SubjectKeyIdentifier& key) {
                          writer.octet_string(key.octets, context(0));
                        }},
             id);
}

bool is_key_identifier(const SignerIdentifier& id) {
  return std::holds_alternative<SubjectKeyIdentifier>(id);
}

}  // namespace signet::cms
