#include "base/unseen.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace signet {
namespace {

struct Characters {
  char32_t first;
  char32_t last;
};

constexpr auto kUnseen = std::to_array<Characters>({
    {0x0000, 0x001F},   {0x007F, 0x00A0},    {0x00AD, 0x00AD},  // soft hyphen
    {0x034F, 0x034F},                                           // joins what it stands between
    {0x061C, 0x061C},                                           // mark of a direction
    {0x06DD, 0x06DD},   {0x070F, 0x070F},    {0x115F, 0x1160},  // fillers
    {0x1680, 0x1680},                                           // a blank, as 00A0 is
    {0x17B4, 0x17B5},   {0x1806, 0x1806},                       // soft hyphen
    {0x180B, 0x180F},                                           // selectors
    {0x2000, 0x200F},  // blanks; without width, joiners, marks of a direction
    {0x2028, 0x202F},  // ends of lines; embeddings and overrides of a direction; a blank
    {0x205F, 0x206F},  // a blank; joiners, signs that are not seen, isolates
    {0x2800, 0x2800},  // braille without dots
    {0x3000, 0x3000},  // a blank
    {0x3164, 0x3164},  // filler
    {0xE000, 0xF8FF},  // private: seen where a font has it
    {0xFDD0, 0xFDEF},  // no characters
    {0xFE00, 0xFE0F},  // selectors
    {0xFEFF, 0xFEFF},  // byte order mark
    {0xFFA0, 0xFFA0},  // filler
    {0xFFF0, 0xFFFC},  // annotations, what stands for an object
    {0xFFFE, 0xFFFF},  // no characters
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD},  {0x13430, 0x1345F},  // signs of formats
    {0x16FE4, 0x16FE4}, {0x1BCA0, 0x1BCA3},  {0x1D159, 0x1D159},
    {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},  // tags, selectors; private planes
});

/// Also of one that has no place in UTF-8 in this form: it is as little seen.
struct Character {
  char32_t value = 0;
  std::size_t octets = 1;
  bool is_one = true;  ///< false: an octet of something else
};

/// How many octets follow a first one; none: it is whole, or no first one.
std::size_t followers(unsigned char first) {
  if (first < 0xC0) return 0;
  return first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF8 ? 3 : 0;
}

Character first_of(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {.value = first};
  const auto more = followers(first);
  if (more == 0 || more >= text.size()) return {.is_one = false};
  char32_t value = first & (0x3FU >> more);
  for (const auto each : text.substr(1, more)) {
    const auto octet = static_cast<unsigned char>(each);
    if ((octet & 0xC0U) != 0x80U) return {.is_one = false};
    value = value << 6U | (octet & 0x3FU);
  }
  return {.value = value, .octets = more + 1};
}

bool is_unseen(const Character& character) {
  return character.is_one &&
         std::any_of(kUnseen.begin(), kUnseen.end(), [&](const Characters& range) {
           return range.first <= character.value && character.value <= range.last;
         });
}

}  // namespace

std::optional<char32_t> first_unseen(std::string_view utf8) {
  while (!utf8.empty()) {
    const auto character = first_of(utf8);
    if (is_unseen(character)) return character.value;
    utf8.remove_prefix(character.octets);
  }
  return std::nullopt;
}

bool is_control(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

std::string written_out(char32_t character) {
  std::array<char, 8> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(),
                                     static_cast<std::uint32_t>(character), 16);
  return "\\u{" + std::string(digits.data(), written.ptr) + "}";
}

std::string with_unseen(std::string_view text, const std::function<std::string(char32_t)>& form) {
  std::string shown;
  while (!text.empty()) {
    const auto character = first_of(text);
    if (is_unseen(character)) {
      shown += form(character.value);
    } else {
      shown += text.substr(0, character.octets);
    }
    text.remove_prefix(character.octets);
  }
  return shown;
}

std::string shown_in_line(std::string_view text) {
  return with_unseen(text, [](char32_t character) {
    return is_control(character) ? std::string("?") : written_out(character);
  });
}

}  // namespace signet
