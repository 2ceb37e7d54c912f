#include "codec/pkix/name.h"

#include <algorithm>
#include <array>

#include "codec/asn1/utf8.h"
#include "codec/asn1/whole.h"

namespace signet::pkix {
namespace {

constexpr std::array<std::uint8_t, 2> kEmptyName{0x30, 0x00};
constexpr std::size_t kUsualRdns = 4;  // CN, OU, O, C

bool is_printable_ascii(std::uint8_t octet) {
  return octet >= 0x20 && octet <= 0x7E;
}
bool is_ascii(std::uint8_t octet) {
  return octet <= 0x7F;
}

/// Whether the contents are what their string type may hold; other types hold anything.
/// PrintableString is read with all visible ASCII characters: certificates with '@', '*', '_' and
/// '&' in one are too many to refuse, and none of these is mistaken for another. We write none.
bool holds_its_characters(asn1::Tag tag, ByteView value) {
  const auto all = [value](auto test) { return std::all_of(value.begin(), value.end(), test); };
  if (tag == asn1::kUtf8String) return asn1::is_utf8(value);
  if (tag == asn1::kPrintableString || tag == asn1::kVisibleString || tag == asn1::kNumericString) {
    return all(is_printable_ascii);
  }
  if (tag == asn1::kIa5String) return all(is_ascii);
  if (tag == asn1::kBmpString) return value.size() % 2 == 0;
  if (tag == asn1::kUniversalString) return value.size() % 4 == 0;
  return true;
}

Result<NameAttribute> read_name_attribute(asn1::Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  NameAttribute attribute;
  attribute.type = TRY(fields.read_oid());
  const auto value_at = fields.offset();
  const auto element = TRY(fields.read_any());
  TRY(fields.finish());
  if (!holds_its_characters(element.tag, element.value)) {
    return Error{Fault::malformed, "the " + to_text(element.tag) + " at octet " +
                                       std::to_string(value_at) +
                                       ", in a name, holds what its type may not hold"};
  }
  attribute.string_tag = element.tag;
  attribute.value = to_bytes(element.value);
  return attribute;
}

std::string text_of_wide(ByteView value, std::size_t octets_each) {
  std::string text;
  for (std::size_t at = 0; at + octets_each <= value.size(); at += octets_each) {
    char32_t character = 0;
    for (const auto octet : value.subspan(at, octets_each)) character = character << 8 | octet;
    asn1::append_utf8(text, character);
  }
  return text;
}

bool is_plain_text(asn1::Tag tag) {
  return tag == asn1::kUtf8String || tag == asn1::kPrintableString || tag == asn1::kIa5String ||
         tag == asn1::kNumericString || tag == asn1::kVisibleString;
}

Bytes encoded_name(const std::vector<RelativeDistinguishedName>& rdns) {
  asn1::Writer writer;
  writer.sequence([&] {
    for (const auto& rdn : rdns) {
      writer.set_of([&] {
        for (const auto& attribute : rdn) {
          writer.sequence([&] {
            writer.oid(attribute.type);
            writer.primitive(attribute.string_tag, attribute.value);
          });
        }
      });
    }
  });
  return std::move(writer).take();
}

}  // namespace

Result<RelativeDistinguishedName> read_relative_distinguished_name(asn1::Reader& reader,
                                                                   asn1::Tag tag) {
  auto members = TRY(reader.enter(tag));
  if (members.at_end()) {
    return Error{Fault::malformed, "an empty RelativeDistinguishedName before octet " +
                                       std::to_string(members.offset())};
  }
  RelativeDistinguishedName rdn;
  while (!members.at_end()) rdn.push_back(TRY(read_name_attribute(members)));
  return rdn;
}

Result<Name> read_name(asn1::Reader& reader) {
  const auto element = TRY(reader.read(asn1::kSequence));
  auto members = TRY(reader.enter(element));
  if (members.at_end() && equal(element.tlv, kEmptyName)) return Name();
  std::vector<RelativeDistinguishedName> rdns;
  rdns.reserve(kUsualRdns);
  while (!members.at_end()) {
    rdns.push_back(TRY(read_relative_distinguished_name(members, asn1::kSet)));
  }
  return Name(std::move(rdns), to_bytes(element.tlv));
}

Result<Name> make_name(const std::vector<RelativeDistinguishedName>& rdns) {
  return asn1::read_whole(encoded_name(rdns), asn1::Limits::der(), read_name);
}

void write_name(asn1::Writer& writer, const Name& name) {
  writer.raw(name.der());
}

std::string NameAttribute::text() const {
  if (is_plain_text(string_tag)) return std::string(as_text(value));
  // TeletexString is read as Latin-1, which is what its writers meant.
  if (string_tag == asn1::kTeletexString) return text_of_wide(value, 1);
  if (string_tag == asn1::kBmpString) return text_of_wide(value, 2);
  if (string_tag == asn1::kUniversalString) return text_of_wide(value, 4);
  return hexadecimal_text();
}

std::string NameAttribute::hexadecimal_text() const {
  asn1::Writer writer;
  writer.primitive(string_tag, value);
  return "#" + to_hex(writer.view());
}

bool NameAttribute::is_string() const {
  return is_plain_text(string_tag) || string_tag == asn1::kTeletexString ||
         string_tag == asn1::kBmpString || string_tag == asn1::kUniversalString;
}

struct Name::Parts {
  std::vector<RelativeDistinguishedName> rdns;
  Bytes der;
};

Name::Name(std::vector<RelativeDistinguishedName> rdns, Bytes der)
    : parts_(std::make_shared<Parts>(Parts{std::move(rdns), std::move(der)})) {}

const Name::Parts& Name::parts() const {
  static const Parts kNone{{}, to_bytes(kEmptyName)};
  return parts_ ? *parts_ : kNone;
}

const std::vector<RelativeDistinguishedName>& Name::rdns() const {
  return parts().rdns;
}

const Bytes& Name::der() const {
  return parts().der;
}

std::string Name::last(const Oid& type) const {
  for (auto rdn = rdns().rbegin(); rdn != rdns().rend(); ++rdn) {
    const auto found = std::find_if(rdn->rbegin(), rdn->rend(),
                                    [&type](const auto& each) { return each.type == type; });
    if (found != rdn->rend()) return found->text();
  }
  return {};
}

}  // namespace signet::pkix
