#include "apps/inspect/inspect_parts.h"
#include "apps/inspect/object_names.h"
#include "codec/asn1/reader.h"

namespace signet::tool {
namespace {

std::string time_text(const Result<Time>& time) {
  return time.ok() ? to_text(*time) : "does not decode";
}

/// The value of a primitive element that can be no secret; else its length.
std::string primitive_text(const asn1::Element& element) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{element.tlv, budget};
  if (element.tag == asn1::kInteger || element.tag == asn1::kEnumerated) {
    const auto integer = reader.read_integer(element.tag);
    return integer.ok() ? integer_text(*integer) : "does not decode";
  }
  if (element.tag == asn1::kOid) {
    const auto identifier = reader.read_oid();
    return identifier.ok() ? name_of(*identifier) : "does not decode";
  }
  if (element.tag == asn1::kBoolean) {
    const auto truth = reader.read_boolean();
    return truth.ok() ? (*truth ? "TRUE" : "FALSE") : "does not decode";
  }
  if (element.tag == asn1::kUtcTime) return time_text(reader.read_utc_time());
  if (element.tag == asn1::kGeneralizedTime) return time_text(reader.read_generalized_time());
  return octets_text(element.value.size());
}

AnnotatedTree element_tree(const asn1::Element& element, const asn1::Reader& around) {
  AnnotatedTree tree{asn1::to_text(element.tag)};
  if (element.tag.form == asn1::Form::primitive) {
    tree.value = primitive_text(element);
    return tree;
  }
  auto inside = around.enter(element);
  if (!inside.ok()) return undecoded(std::move(tree.name), inside.error());
  while (!inside->at_end()) {
    const auto next = inside->read_any();
    if (!next.ok()) return tree.add(undecoded("element", next.error()));
    tree.add(element_tree(*next, *inside));
  }
  return tree;
}

}  // namespace

AnnotatedTree asn1_tree(std::string name, ByteView octets) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{octets, budget};
  AnnotatedTree tree{std::move(name)};
  while (!reader.at_end()) {
    const auto element = reader.read_any();
    if (!element.ok()) return tree.add(undecoded("element", element.error()));
    tree.add(element_tree(*element, reader));
  }
  return tree;
}

}  // namespace signet::tool
