#include <algorithm>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/ascii.h"
#include "codec/pkix/name.h"
#include "codec/pkix/name_keywords.h"
#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"

/// RFC 4514: names from text.
namespace signet::pkix {
namespace {

Error refused(std::string_view text, const std::string& why) {
  return {Fault::malformed,
          "the name \"" + std::string(text.substr(0, 200)) + "\" " + why + " (RFC 4514)"};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

/// Walks the text of a name: type, value, and what separates them.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<Oid> take_type() {
    const auto equals = rest_.find('=');
    if (equals == std::string_view::npos) return refused(text_, "has a part without '='");
    auto word = rest_.substr(0, equals);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    rest_.remove_prefix(equals + 1);
    return type_from_text(word);
  }

  /// A value up to the next separator, escapes resolved, outer blanks gone unless escaped.
  Result<std::string> take_string() {
    std::string value;
    std::size_t kept = 0;  // value may not be trimmed below this size
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\') {
        value += TRY(take_escaped());
        kept = value.size();
      } else if (kEscapedCharacters.find(c) != std::string_view::npos || c == '\0') {
        return refused(text_, "has a character that must stand after a backslash");
      } else {
        value += c;
      }
    }
    while (value.size() > kept && value.back() == ' ') value.pop_back();
    return value;
  }

  /// The octets of a value in hexadecimal; the '#' is taken already.
  Result<Bytes> take_hexadecimal() {
    const auto end = std::min(rest_.find_first_of(",+ "), rest_.size());
    const auto digits = rest_.substr(0, end);
    rest_.remove_prefix(end);
    skip_blanks();
    const bool all_digits =
        std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
    if (!all_digits) return refused(text_, "has a '#' that no hexadecimal value follows");
    return from_hex(digits);
  }

 private:
  Result<char> take_escaped() {
    if (rest_.empty()) return refused(text_, "ends in a backslash");
    const char c = rest_.front();
    const int high = hex_digit(c);
    const int low = rest_.size() > 1 ? hex_digit(rest_[1]) : -1;
    if (high >= 0 && low >= 0) {
      rest_.remove_prefix(2);
      return static_cast<char>(high << 4 | low);
    }
    if (kEscapedCharacters.find(c) == std::string_view::npos && c != ' ' && c != '#' && c != '=') {
      return refused(text_, "has a backslash before a character that needs none");
    }
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view text_;
  std::string_view rest_;
};

asn1::Tag string_type_for(const Oid& type, const std::string& value) {
  if (const auto only = only_string_type(type)) return *only;
  const auto usual = usual_string_type(type);
  return usual && fits_string_type(value, *usual) ? *usual : asn1::kUtf8String;
}

Result<NameAttribute> string_attribute(const Oid& type, const std::string& value) {
  constexpr std::size_t kCountryLetters = 2;
  const auto tag = string_type_for(type, value);
  if (value.empty()) return refused(value, "has an attribute without value");
  if (!fits_string_type(value, tag)) {
    return refused(value, "holds a character that a " + to_text(tag) + " may not hold");
  }
  if (type == oid::kCountryName && value.size() != kCountryLetters) {
    return refused(value, "is no country code of two letters");
  }
  return NameAttribute{type, tag, to_bytes(value)};
}

Result<NameAttribute> encoded_attribute(const Oid& type, ByteView tlv) {
  TRY(asn1::check_well_formed(tlv, asn1::Limits::der()));
  const auto element = TRY(asn1::read_whole(
      tlv, asn1::Limits::der(), [](asn1::Reader& reader) { return reader.read_any(); }));
  return NameAttribute{type, element.tag, to_bytes(element.value)};
}

Result<NameAttribute> take_attribute(Scanner& scanner) {
  scanner.skip_blanks();
  const auto type = TRY(scanner.take_type());
  scanner.skip_blanks();
  if (scanner.take('#')) {
    const auto tlv = TRY(scanner.take_hexadecimal());
    return encoded_attribute(type, tlv);
  }
  const auto value = TRY(scanner.take_string());
  return string_attribute(type, value);
}

Result<RelativeDistinguishedName> take_rdn(Scanner& scanner) {
  RelativeDistinguishedName rdn;
  do {
    rdn.push_back(TRY(take_attribute(scanner)));
  } while (scanner.take('+'));
  return rdn;
}

}  // namespace

Result<Name> name_from_text(std::string_view text) {
  Scanner scanner{text};
  std::vector<RelativeDistinguishedName> rdns;
  scanner.skip_blanks();
  while (!scanner.at_end()) {
    rdns.push_back(TRY(take_rdn(scanner)));
    if (scanner.at_end()) break;
    if (!scanner.take(',')) return refused(text, "goes on after a value without ',' or '+'");
    if (scanner.at_end()) return refused(text, "ends in a comma");
  }
  std::reverse(rdns.begin(), rdns.end());
  return make_name(rdns);
}

}  // namespace signet::pkix
