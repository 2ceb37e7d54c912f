#include "codec/asn1/reader.h"

namespace signet::asn1 {
namespace {

bool is_collection(Tag tag) {
  return tag.number == kSequence.number || tag.number == kSet.number;
}

/// EXTERNAL and EMBEDDED PDV are constructed too, though no message of ours has one.
bool must_be_constructed(Tag tag) {
  constexpr std::uint32_t kExternal = 8;
  constexpr std::uint32_t kEmbeddedPdv = 11;
  constexpr std::uint32_t kCharacterString = 29;
  return is_collection(tag) || tag.number == kExternal || tag.number == kEmbeddedPdv ||
         tag.number == kCharacterString;
}

bool may_be_in_pieces(Tag tag) {
  return tag.number == kBitString.number || tag.number == kOctetString.number ||
         tag.number >= kUtf8String.number;
}

/// Whether a universal type may come in this form.
bool form_fits(Tag tag, Rules rules) {
  if (must_be_constructed(tag)) return tag.form == Form::constructed;
  if (tag.form == Form::primitive) return true;
  return rules == Rules::ber && may_be_in_pieces(tag);
}

/// The value rules of the universal types that have one encoding only; others pass.
Result<void> check_primitive(Reader element, Tag tag) {
  Result<void> checked;
  const auto note = [&checked](auto result) {
    if (!result) checked = result.error();
  };
  if (tag == kBoolean) note(element.read_boolean());
  if (tag == kInteger || tag == kEnumerated) note(element.read_integer(tag));
  if (tag == kBitString) note(element.read_bit_string());
  if (tag == kNull) note(element.read_null());
  if (tag == kOid) note(element.read_oid());
  if (tag == kUtf8String) note(element.read_utf8_string());
  return checked;
}

Result<void> check_elements(Reader reader);

Result<void> check_element(Reader& reader) {
  const auto before = reader;
  const auto element = TRY(reader.read_any());
  const bool universal = element.tag.tag_class == Class::universal;
  if (universal && !form_fits(element.tag, reader.rules())) {
    return Error{Fault::malformed, to_text(element.tag) + " at octet " +
                                       std::to_string(before.offset()) + " is in the wrong form"};
  }
  if (element.tag.form == Form::primitive) return check_primitive(before, element.tag);
  return check_elements(TRY(reader.enter(element)));
}

Result<void> check_elements(Reader reader) {
  while (!reader.at_end()) TRY(check_element(reader));
  return {};
}

}  // namespace

Result<void> check_well_formed(ByteView octets, Limits limits) {
  Budget budget{limits};
  Reader reader{octets, budget};
  TRY(check_element(reader));
  return reader.finish();
}

}  // namespace signet::asn1
