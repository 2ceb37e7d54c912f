#include "audit/json_text.h"

#include <charconv>

namespace signet::audit {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kHexDigits = "0123456789abcdef";

/// The letter after the backslash; 0 where there is none of that kind.
constexpr char short_escape(char octet) {
  switch (octet) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

constexpr std::uint8_t octet_of(char character) {
  return static_cast<std::uint8_t>(character);
}

constexpr bool is_plain(std::uint8_t octet) {
  return (octet >= 0x20) & (octet < 0x7F) & (octet != '"') & (octet != '\\');
}

constexpr std::size_t kStride = 32;

/// Without branches, in octets: the compiler makes it a few instructions on all at once.
bool is_plain_stride(const char* text) {
  std::uint8_t special = 0;
  for (std::size_t at = 0; at < kStride; ++at) {
    special |= static_cast<std::uint8_t>(!is_plain(octet_of(text[at])));
  }
  return special == 0;
}

/// Octets from the front that stand for themselves. In strides: values are mostly base64.
std::size_t plain_run(std::string_view text) {
  std::size_t run = 0;
  while (run + kStride <= text.size() && is_plain_stride(text.data() + run)) run += kStride;
  while (run < text.size() && is_plain(octet_of(text[run]))) ++run;
  return run;
}

/// How a UTF-8 sequence may go on after its first octet (RFC 3629 §4).
struct Utf8Form {
  std::size_t octets;  ///< of the whole sequence; 0 when no sequence starts so
  std::uint8_t second_from = 0x80;
  std::uint8_t second_to = 0xBF;
};

constexpr Utf8Form utf8_form(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};  // no overlong forms
  if (first == 0xED) return {3, 0x80, 0x9F};  // no surrogates
  if (first >= 0xE1 && first <= 0xEF) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};  // nothing above U+10FFFF
  return {0};
}

/// The octets of the non-ASCII character that `text` begins with; 0 when it is not well formed.
std::size_t utf8_sequence(std::string_view text) {
  const auto form = utf8_form(octet_of(text[0]));
  if (form.octets == 0 || text.size() < form.octets) return 0;
  const auto second = octet_of(text[1]);
  if (second < form.second_from || second > form.second_to) return 0;
  for (std::size_t at = 2; at < form.octets; ++at) {
    if ((octet_of(text[at]) & 0xC0) != 0x80) return 0;
  }
  return form.octets;
}

void write_escape(std::string& to, char octet) {
  to += '\\';
  if (const auto letter = short_escape(octet)) {
    to += letter;
    return;
  }
  to += "u00";
  to += kHexDigits[octet_of(octet) >> 4];
  to += kHexDigits[octet_of(octet) & 0x0F];
}

/// Writes the one character that `text` begins with, which is not plain; gives its octets.
std::size_t write_special(std::string& to, std::string_view text) {
  if (octet_of(text[0]) < 0x80) {
    write_escape(to, text[0]);
    return 1;
  }
  const auto octets = utf8_sequence(text);
  if (octets == 0) {
    to += kReplacement;
    return 1;
  }
  to += text.substr(0, octets);
  return octets;
}

}  // namespace

void write_json_string(std::string& to, std::string_view text) {
  to += '"';
  while (!text.empty()) {
    const auto run = plain_run(text);
    to += text.substr(0, run);
    text.remove_prefix(run);
    if (!text.empty()) text.remove_prefix(write_special(to, text));
  }
  to += '"';
}

Error JsonCursor::wanted(std::string_view what) const {
  return {Fault::malformed,
          std::string(what) + " wanted at octet " + std::to_string(at_) + " of the record"};
}

Result<void> JsonCursor::expect(std::string_view text) {
  if (line_.substr(at_, text.size()) != text) return wanted(text);
  at_ += text.size();
  return {};
}

Result<std::uint64_t> JsonCursor::read_number() {
  const auto* const begin = line_.data() + at_;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(begin, line_.data() + line_.size(), number);
  const bool leading_zero = end - begin > 1 && *begin == '0';
  if (failure != std::errc{} || leading_zero) return wanted("a number");
  at_ += static_cast<std::size_t>(end - begin);
  return number;
}

Result<std::string> JsonCursor::read_string() {
  TRY(expect("\""));
  std::string text;
  while (!next_is('"')) {
    const auto rest = line_.substr(at_);
    if (rest.empty()) return wanted("the end of a string");
    if (const auto run = plain_run(rest)) {
      text += rest.substr(0, run);
      at_ += run;
    } else if (rest[0] == '\\') {
      text += TRY(read_escape());
    } else {
      const auto octets = utf8_sequence(rest);
      if (octets == 0) return wanted("a character of JSON text");
      text += rest.substr(0, octets);
      at_ += octets;
    }
  }
  TRY(expect("\""));
  return text;
}

Result<char> JsonCursor::read_escape() {
  // One of 34 escapes; the reader asks the writer which one it is.
  for (int octet = 0; octet < 0x80; ++octet) {
    if (is_plain(static_cast<std::uint8_t>(octet))) continue;
    std::string escape;
    write_escape(escape, static_cast<char>(octet));
    if (line_.substr(at_, escape.size()) == escape) {
      at_ += escape.size();
      return static_cast<char>(octet);
    }
  }
  return wanted("an escape");
}

Result<void> JsonCursor::finish() const {
  if (at_ != line_.size()) return wanted("the end");
  return {};
}

}  // namespace signet::audit
