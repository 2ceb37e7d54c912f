#include "codec/asn1/tag.h"

#include <array>
#include <string_view>

namespace signet::asn1 {
namespace {

constexpr std::array<std::string_view, 31> kUniversalNames = {
    "END-OF-CONTENTS",
    "BOOLEAN",
    "INTEGER",
    "BIT STRING",
    "OCTET STRING",
    "NULL",
    "OID",
    "ObjectDescriptor",
    "EXTERNAL",
    "REAL",
    "ENUMERATED",
    "EMBEDDED PDV",
    "UTF8String",
    "RELATIVE-OID",
    "TIME",
    "[UNIVERSAL 15]",
    "SEQUENCE",
    "SET",
    "NumericString",
    "PrintableString",
    "TeletexString",
    "VideotexString",
    "IA5String",
    "UTCTime",
    "GeneralizedTime",
    "GraphicString",
    "VisibleString",
    "GeneralString",
    "UniversalString",
    "CHARACTER STRING",
    "BMPString",
};

std::string_view prefix(Class tag_class) {
  switch (tag_class) {
    case Class::universal:
      return "UNIVERSAL ";
    case Class::application:
      return "APPLICATION ";
    case Class::context:
      return "";
    case Class::private_use:
      return "PRIVATE ";
  }
  return "";
}

/// SEQUENCE and SET are always constructed, the other universal types never in DER: only a form
/// that differs from this is worth saying.
bool usual_form(Tag tag) {
  const bool collection = tag.number == kSequence.number || tag.number == kSet.number;
  return (tag.form == Form::constructed) == collection;
}

}  // namespace

std::string to_text(Tag tag) {
  const bool constructed = tag.form == Form::constructed;
  if (tag.tag_class == Class::universal && tag.number < kUniversalNames.size()) {
    std::string text(kUniversalNames.at(tag.number));
    if (!usual_form(tag)) text += constructed ? " constructed" : " primitive";
    return text;
  }
  auto text = "[" + std::string(prefix(tag.tag_class)) + std::to_string(tag.number) + "]";
  return constructed ? text + " constructed" : text;
}

}  // namespace signet::asn1
