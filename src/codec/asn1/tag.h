#pragma once

#include <cstdint>
#include <string>

namespace signet::asn1 {

enum class Class : std::uint8_t { universal = 0, application = 1, context = 2, private_use = 3 };
enum class Form : std::uint8_t { primitive = 0, constructed = 1 };

/// X.690 §8.1.2: class, form and number of an element.
struct Tag {
  Class tag_class = Class::universal;
  Form form = Form::primitive;
  std::uint32_t number = 0;

  constexpr bool operator==(const Tag&) const = default;
};

/// "SEQUENCE", "[0] constructed", …
std::string to_text(Tag tag);

constexpr Tag universal(std::uint32_t number, Form form = Form::primitive) {
  return {Class::universal, form, number};
}
/// [number] in the form that an IMPLICIT primitive has.
constexpr Tag context(std::uint32_t number) {
  return {Class::context, Form::primitive, number};
}
/// [number] in the form that an EXPLICIT tag, or an IMPLICIT one on a constructed type, has.
constexpr Tag context_constructed(std::uint32_t number) {
  return {Class::context, Form::constructed, number};
}

inline constexpr Tag kBoolean = universal(1);
inline constexpr Tag kInteger = universal(2);
inline constexpr Tag kBitString = universal(3);
inline constexpr Tag kOctetString = universal(4);
inline constexpr Tag kNull = universal(5);
inline constexpr Tag kOid = universal(6);
inline constexpr Tag kEnumerated = universal(10);
inline constexpr Tag kUtf8String = universal(12);
inline constexpr Tag kSequence = universal(16, Form::constructed);
inline constexpr Tag kSet = universal(17, Form::constructed);
inline constexpr Tag kNumericString = universal(18);
inline constexpr Tag kPrintableString = universal(19);
inline constexpr Tag kTeletexString = universal(20);
inline constexpr Tag kIa5String = universal(22);
inline constexpr Tag kUtcTime = universal(23);
inline constexpr Tag kGeneralizedTime = universal(24);
inline constexpr Tag kVisibleString = universal(26);
inline constexpr Tag kUniversalString = universal(28);
inline constexpr Tag kBmpString = universal(30);

}  // namespace signet::asn1
