#include "apps/dogtag/subject_name.h"

#include <array>

namespace signet::dogtag {
namespace {

struct StringType {
  std::string_view prefix;
  asn1::Tag tag;
  std::size_t octets;  ///< of one character; 0: UTF-8 as it is
};
constexpr std::array<StringType, 5> kTypes = {{
    {"UTF8String:", asn1::kUtf8String, 0},
    {"PrintableString:", asn1::kPrintableString, 0},
    {"TeletexString:", asn1::kTeletexString, 1},
    {"BMPString:", asn1::kBmpString, 2},
    {"UniversalString:", asn1::kUniversalString, 4},
}};

/// The code points of UTF-8 that was checked.
std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> points;
  for (const char c : text) {
    const auto octet = static_cast<std::uint8_t>(c);
    if ((octet & 0xC0U) == 0x80U) {
      points.back() = (points.back() << 6U) | (octet & 0x3FU);
    } else {
      const unsigned bits = octet < 0x80 ? 0x7FU : octet < 0xE0 ? 0x1FU : octet < 0xF0 ? 0x0FU : 7U;
      points.push_back(octet & bits);
    }
  }
  return points;
}

Result<Bytes> in_characters_of(std::size_t octets, std::string_view text) {
  if (octets == 0) return to_bytes(text);
  Bytes value;
  for (const auto point : code_points(text)) {
    if (octets < 4 && point >> (8 * octets) != 0) {
      return Error{Fault::malformed,
                   "'" + std::string(text) + "' has characters that its string type cannot hold"};
    }
    for (auto shift = octets; shift > 0; --shift) {
      value.push_back(static_cast<std::uint8_t>(point >> (8 * (shift - 1))));
    }
  }
  return value;
}

Result<void> obey_prefix(pkix::NameAttribute& attribute) {
  if (attribute.string_tag != asn1::kUtf8String) return {};
  const std::string text(as_text(attribute.value));
  for (const auto& type : kTypes) {
    if (!text.starts_with(type.prefix)) continue;
    const auto rest = std::string_view(text).substr(type.prefix.size());
    attribute.value = TRY(in_characters_of(type.octets, rest));
    attribute.string_tag = type.tag;
    return {};
  }
  return {};
}

}  // namespace

Result<pkix::Name> read_subject(std::string_view text, NameEncoding encoding) {
  auto name = TRY(pkix::name_from_text(text));
  if (encoding == NameEncoding::by_type) return name;
  auto rdns = name.rdns();
  for (auto& rdn : rdns) {
    for (auto& attribute : rdn) TRY(obey_prefix(attribute));
  }
  return pkix::make_name(rdns);
}

}  // namespace signet::dogtag
