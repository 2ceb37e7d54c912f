#include "codec/pkix/algorithm.h"

#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/pkix/distinct.h"

namespace signet::pkix {

Result<AlgorithmIdentifier> read_algorithm_identifier(asn1::Reader& reader, asn1::Tag tag) {
  auto fields = TRY(reader.enter(tag));
  AlgorithmIdentifier identifier;
  identifier.algorithm = TRY(fields.read_oid());
  if (!fields.at_end()) identifier.parameters = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return identifier;
}

Result<AlgorithmIdentifier> read_algorithm_identifier(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits,
                          [](asn1::Reader& reader) { return read_algorithm_identifier(reader); });
}

void write_algorithm_identifier(asn1::Writer& writer, const AlgorithmIdentifier& algorithm,
                                asn1::Tag tag) {
  writer.constructed(tag, [&] {
    writer.oid(algorithm.algorithm);
    if (algorithm.parameters) writer.raw(*algorithm.parameters);
  });
}

Result<SubjectPublicKeyInfo> read_subject_public_key_info(asn1::Reader& reader, asn1::Tag tag) {
  const auto element = TRY(reader.read(tag));
  auto fields = TRY(reader.enter(element));
  SubjectPublicKeyInfo key;
  key.algorithm = TRY(read_algorithm_identifier(fields));
  key.subject_public_key = TRY(fields.read_bit_string());
  TRY(fields.finish());
  key.der = tag == asn1::kSequence ? to_bytes(element.tlv) : with_tag(element.tlv, asn1::kSequence);
  return key;
}

Result<SubjectPublicKeyInfo> read_subject_public_key_info(ByteView octets) {
  return asn1::read_whole(octets, asn1::Limits::der(), [](asn1::Reader& reader) {
    return read_subject_public_key_info(reader);
  });
}

// The order of a SET OF is not checked when reading: what is signed or hashed is kept as received,
// and senders are known that do not sort. Writing always sorts.
Result<Attribute> read_attribute(asn1::Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  Attribute attribute;
  attribute.type = TRY(fields.read_oid());
  auto values = TRY(fields.enter(asn1::kSet));
  while (!values.at_end()) attribute.values.push_back(to_bytes(TRY(values.read_any()).tlv));
  TRY(fields.finish());
  return attribute;
}

void write_attribute(asn1::Writer& writer, const Attribute& attribute) {
  writer.sequence([&] {
    writer.oid(attribute.type);
    writer.set_of([&] {
      for (const auto& value : attribute.values) writer.raw(value);
    });
  });
}

Result<std::vector<Attribute>> read_attributes(asn1::Reader reader) {
  std::vector<Attribute> attributes;
  while (!reader.at_end()) attributes.push_back(TRY(read_attribute(reader)));
  const auto type_of = [](const Attribute& attribute) -> const Oid& { return attribute.type; };
  if (!have_distinct_types(attributes, type_of)) {
    return Error{Fault::malformed,
                 "the same attribute type twice among the attributes that end at "
                 "octet " +
                     std::to_string(reader.offset())};
  }
  return attributes;
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, const Oid& type) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&type](const auto& each) { return each.type == type; });
  return found == attributes.end() ? nullptr : &*found;
}

}  // namespace signet::pkix
