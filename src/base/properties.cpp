#include "base/properties.h"

#include <charconv>
#include <cstdint>
#include <optional>

namespace signet {
namespace {

constexpr std::string_view kBlanks = " \t\f";

std::string_view without_leading_blanks(std::string_view text) {
  const auto start = text.find_first_not_of(kBlanks);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

/// Takes the next line off `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  const auto line = text.substr(0, end);
  if (end == std::string_view::npos) {
    text = {};
    return line;
  }
  const bool two = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  text.remove_prefix(end + (two ? 2 : 1));
  return line;
}

bool continues(std::string_view line) {
  const auto last_other = line.find_last_not_of('\\');
  const auto backslashes =
      last_other == std::string_view::npos ? line.size() : line.size() - 1 - last_other;
  return backslashes % 2 == 1;
}

bool is_comment(std::string_view line, CommentSign comments) {
  if (comments == CommentSign::behind_blanks) line = without_leading_blanks(line);
  return line.starts_with('#') || line.starts_with('!');
}

/// Octets of the name at the front of `line`.
std::size_t name_length(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    const char c = line[at];
    if (c == '=' || c == ':' || kBlanks.find(c) != std::string_view::npos) return at;
    at += c == '\\' && at + 1 < line.size() ? 2 : 1;
  }
  return at;
}

std::string_view value_behind_name(std::string_view rest) {
  rest = without_leading_blanks(rest);
  if (rest.starts_with('=') || rest.starts_with(':')) rest.remove_prefix(1);
  return without_leading_blanks(rest);
}

// ------------------------------------------------------------ escapes

constexpr char32_t kFirstHigh = 0xD800;
constexpr char32_t kFirstLow = 0xDC00;
constexpr char32_t kBehindLow = 0xE000;

Error no_character() {
  return {Fault::malformed,
          "\\u wants the four hexadecimal digits of a character, or of both halves of one"};
}

/// The four digits at the front of `text`, which are taken off.
std::optional<char32_t> take_unit(std::string_view& text) {
  constexpr std::size_t kDigits = 4;
  std::uint16_t unit = 0;
  const auto digits = text.substr(0, kDigits);
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, unit, 16);
  if (digits.size() < kDigits || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  text.remove_prefix(kDigits);
  return unit;
}

/// The character whose first \u is taken off `text` already.
Result<char32_t> take_character(std::string_view& text) {
  const auto high = take_unit(text);
  if (!high || (*high >= kFirstLow && *high < kBehindLow)) return no_character();
  if (*high < kFirstHigh || *high >= kBehindLow) return *high;
  if (!text.starts_with("\\u")) return no_character();
  text.remove_prefix(2);
  const auto low = take_unit(text);
  if (!low || *low < kFirstLow || *low >= kBehindLow) return no_character();
  return 0x10000 + ((*high - kFirstHigh) << 10U) + (*low - kFirstLow);
}

void append_utf8(std::string& to, char32_t character) {
  const auto tail = [&](unsigned shift) {
    to += static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
  };
  if (character < 0x80) {
    to += static_cast<char>(character);
  } else if (character < 0x800) {
    to += static_cast<char>(0xC0U | (character >> 6U));
    tail(0);
  } else if (character < 0x10000) {
    to += static_cast<char>(0xE0U | (character >> 12U));
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xF0U | (character >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

char control_of(char letter) {
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    default:
      return letter;
  }
}

}  // namespace

std::vector<Property> read_properties(std::string_view text, CommentSign comments) {
  std::vector<Property> entries;
  int number = 0;
  while (!text.empty()) {
    const auto first = take_line(text);
    const int first_number = ++number;
    if (is_comment(first, comments)) continue;

    std::string whole{first};
    while (continues(whole)) {
      whole.pop_back();
      if (text.empty()) break;
      whole += without_leading_blanks(take_line(text));
      ++number;
    }
    const auto entry = without_leading_blanks(whole);
    if (entry.empty()) continue;
    const auto length = name_length(entry);
    entries.push_back({std::string(entry.substr(0, length)),
                       std::string(value_behind_name(entry.substr(length))), first_number});
  }
  return entries;
}

Result<std::string> without_escapes(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) {
      plain += c;
      continue;
    }
    const char escaped = text.front();
    text.remove_prefix(1);
    if (escaped == 'u') {
      append_utf8(plain, TRY(take_character(text)));
    } else {
      plain += control_of(escaped);
    }
  }
  return plain;
}

}  // namespace signet
