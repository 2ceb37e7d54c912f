#include "codec/pkix/name.h"
#include "codec/pkix/name_keywords.h"

/// RFC 4514: names as text.
namespace signet::pkix {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

void append_escaped_value(std::string& to, std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool first = i == 0;
    const bool last = i + 1 == value.size();
    if (is_control(c)) {
      const auto octet = static_cast<std::uint8_t>(c);
      to += "\\" + to_hex({&octet, 1});
      continue;
    }
    const bool escape = kEscapedCharacters.find(c) != std::string_view::npos ||
                        (first && c == '#') || ((first || last) && c == ' ');
    if (escape) to += '\\';
    to += c;
  }
}

/// A type without keyword has its value in hexadecimal (RFC 4514 §2.4), so that its string type is
/// kept.
void append_attribute(std::string& to, const NameAttribute& attribute) {
  const auto keyword = keyword_of(attribute.type);
  to += keyword ? std::string(*keyword) : attribute.type.to_text();
  to += '=';
  if (keyword && attribute.is_string()) return append_escaped_value(to, attribute.text());
  to += attribute.hexadecimal_text();
}

}  // namespace

std::string to_text(const Name& name) {
  std::string text;
  for (auto rdn = name.rdns().rbegin(); rdn != name.rdns().rend(); ++rdn) {
    if (!text.empty()) text += ',';
    for (std::size_t i = 0; i < rdn->size(); ++i) {
      if (i > 0) text += '+';
      append_attribute(text, (*rdn)[i]);
    }
  }
  return text;
}

}  // namespace signet::pkix
