#include "policy/other_name_text.h"

#include <algorithm>

#include "base/unseen.h"
#include "codec/asn1/reader.h"
#include "codec/asn1/utf8.h"

namespace signet::policy {
namespace {

enum class Text {
  none,
  read,     ///< as it stands
  ascii,    ///< as far as it is visible ASCII: what else there is means different things
  unread,   ///< as UniversalString and BMPString, whose characters have several octets
  perhaps,  ///< an IMPLICIT tag hides the type
};

Text text_in(asn1::Tag tag) {
  using namespace asn1;
  constexpr auto kObjectDescriptor = universal(7);  // a GraphicString
  constexpr auto kOidIri = universal(35);           // as RELATIVE-OID-IRI, of UTF-8
  constexpr auto kRelativeOidIri = universal(36);
  constexpr auto kVideotexString = universal(21);
  constexpr auto kGraphicString = universal(25);
  constexpr auto kGeneralString = universal(27);
  const auto is_any_of = [&](std::initializer_list<Tag> kinds) {
    return std::find(kinds.begin(), kinds.end(), tag) != kinds.end();
  };
  if (is_any_of({kUtf8String, kNumericString, kPrintableString, kIa5String, kVisibleString, kOidIri,
                 kRelativeOidIri})) {
    return Text::read;
  }
  if (is_any_of(
          {kObjectDescriptor, kTeletexString, kVideotexString, kGraphicString, kGeneralString})) {
    return Text::ascii;
  }
  if (tag.tag_class != Class::universal) {
    return tag.form == Form::primitive ? Text::perhaps : Text::none;
  }
  const bool is_string = tag.number >= kNumericString.number && tag.number <= kBmpString.number &&
                         tag != kUtcTime && tag != kGeneralizedTime;
  return is_string ? Text::unread : Text::none;
}

bool is_visible_ascii(ByteView octets) {
  return std::all_of(octets.begin(), octets.end(),
                     [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7F; });
}

/// A number or a key identifier is hardly ever that.
bool is_beyond_ascii(ByteView octets) {
  const bool is_ascii =
      std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet < 0x80; });
  return !is_ascii && asn1::is_utf8(octets);
}

Error not_read(asn1::Tag tag, std::string_view unless) {
  return {Fault::malformed, "it holds a " + to_text(tag) +
                                ", of which nobody can tell here what people see" +
                                std::string(unless) + ": write it as UTF8String"};
}

Result<void> check_characters(asn1::Tag tag, ByteView octets) {
  const auto unseen = first_unseen(as_text(octets));
  if (!unseen) return {};
  return Error{Fault::malformed,
               "its " + to_text(tag) + " holds the character " + written_out(*unseen)};
}

Result<void> check_value(asn1::Tag tag, ByteView octets) {
  switch (text_in(tag)) {
    case Text::none:
      return {};
    case Text::read:
      return check_characters(tag, octets);
    case Text::ascii:
      if (is_visible_ascii(octets)) return {};
      return not_read(tag, " unless it is visible ASCII");
    case Text::unread:
      return not_read(tag, "");
    case Text::perhaps:
      return is_beyond_ascii(octets) ? check_characters(tag, octets) : Result<void>{};
  }
  return {};
}

Result<void> check_members(asn1::Reader members) {
  while (!members.at_end()) {
    const auto element = TRY(members.read_any());
    TRY(check_value(element.tag, element.value));
    if (element.tag.form != asn1::Form::constructed) continue;
    const auto inside = TRY(members.enter(element));
    TRY(check_members(inside));
  }
  return {};
}

}  // namespace

Result<void> check_text_is_seen(const pkix::OtherName& name) {
  asn1::Budget budget{asn1::Limits::der()};
  return check_members(asn1::Reader{name.value, budget});
}

}  // namespace signet::policy
