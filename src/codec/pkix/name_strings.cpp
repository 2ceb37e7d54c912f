#include "codec/pkix/name_strings.h"

#include <algorithm>
#include <array>

#include "codec/asn1/utf8.h"
#include "codec/pkix/ascii.h"
#include "codec/pkix/oids.h"

namespace signet::pkix {
namespace {

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_numeric_string(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == ' '; });
}

bool is_ia5_string(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

/// DirectoryString in RFC 5280 Appendix A, or (UID) RFC 4519.
bool is_directory_string(const Oid& type) {
  constexpr std::array kTypes{oid::kCommonName,
                              oid::kSurname,
                              oid::kLocalityName,
                              oid::kStateOrProvinceName,
                              oid::kStreetAddress,
                              oid::kOrganizationName,
                              oid::kOrganizationalUnitName,
                              oid::kTitle,
                              oid::kGivenName,
                              oid::kInitials,
                              oid::kGenerationQualifier,
                              oid::kPseudonym,
                              oid::kUserId};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

bool is_one_of_five(asn1::Tag tag) {
  return tag == asn1::kUtf8String || tag == asn1::kPrintableString || tag == asn1::kTeletexString ||
         tag == asn1::kBmpString || tag == asn1::kUniversalString;
}

Bytes encoding_of(const NameAttribute& attribute) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.oid(attribute.type);
    writer.primitive(attribute.string_tag, attribute.value);
  });
  return std::move(writer).take();
}

template <typename Rewrite>
Result<Name> rewritten(const Name& name, Rewrite&& rewrite) {
  auto rdns = name.rdns();
  for (auto& rdn : rdns) {
    for (auto& attribute : rdn) rewrite(attribute);
  }
  return make_name(rdns);
}

void rewrite_as(NameAttribute& attribute, asn1::Tag string_type, std::string_view text) {
  if (!fits_string_type(text, string_type)) return;
  attribute.string_tag = string_type;
  attribute.value = to_bytes(text);
}

}  // namespace

bool is_printable_string(std::string_view text) {
  constexpr std::string_view kMarks = " '()+,-./:=?";
  return std::all_of(text.begin(), text.end(), [kMarks](char c) {
    const bool is_letter = lower(c) >= 'a' && lower(c) <= 'z';
    return is_letter || is_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool fits_string_type(std::string_view text, asn1::Tag string_type) {
  if (string_type == asn1::kPrintableString) return is_printable_string(text);
  if (string_type == asn1::kIa5String) return is_ia5_string(text);
  return string_type == asn1::kUtf8String && asn1::is_utf8(as_bytes(text));
}

std::optional<asn1::Tag> only_string_type(const Oid& type) {
  if (type == oid::kCountryName || type == oid::kSerialNumber || type == oid::kDnQualifier) {
    return asn1::kPrintableString;
  }
  if (type == oid::kDomainComponent || type == oid::kEmailAddress) return asn1::kIa5String;
  return std::nullopt;
}

std::string fold_blanks(std::string_view text) {
  std::string out;
  bool blank_before = false;
  for (const char c : text) {
    if (is_blank(c)) {
      blank_before = true;
      continue;
    }
    if (blank_before && !out.empty()) out += ' ';
    blank_before = false;
    out += c;
  }
  return out;
}

bool is_well_written(const NameAttribute& attribute) {
  if (is_directory_string(attribute.type) && !is_one_of_five(attribute.string_tag)) return false;
  if (only_string_type(attribute.type).value_or(attribute.string_tag) != attribute.string_tag) {
    return false;
  }
  const auto text = as_text(attribute.value);
  if (attribute.string_tag == asn1::kPrintableString) return is_printable_string(text);
  if (attribute.string_tag == asn1::kNumericString) return is_numeric_string(text);
  return true;
}

bool is_in_order(const RelativeDistinguishedName& rdn) {
  for (std::size_t i = 1; i < rdn.size(); ++i) {
    if (encoding_of(rdn[i]) < encoding_of(rdn[i - 1])) return false;
  }
  return true;
}

Result<Name> well_written(const Name& name) {
  const auto is_good = [](const RelativeDistinguishedName& rdn) {
    return std::all_of(rdn.begin(), rdn.end(), is_well_written) && is_in_order(rdn);
  };
  if (std::all_of(name.rdns().begin(), name.rdns().end(), is_good)) return name;
  return rewritten(name, [](NameAttribute& attribute) {
    if (is_well_written(attribute) || !attribute.is_string()) return;
    const auto type = only_string_type(attribute.type).value_or(asn1::kUtf8String);
    rewrite_as(attribute, type, attribute.text());
  });
}

Result<Name> respelled(const Name& name, asn1::Tag string_type) {
  return rewritten(name, [string_type](NameAttribute& attribute) {
    if (!attribute.is_string()) return;
    const auto text = fold_blanks(attribute.text());
    const auto type = only_string_type(attribute.type).value_or(string_type);
    rewrite_as(attribute, fits_string_type(text, type) ? type : asn1::kUtf8String, text);
  });
}

}  // namespace signet::pkix
