#include "codec/asn1/utf8.h"

namespace signet::asn1 {
namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;
constexpr char32_t kReplacement = 0xFFFD;

constexpr bool is_surrogate(char32_t character) {
  return character >= 0xD800 && character <= 0xDFFF;
}

struct Lead {
  std::size_t followers;
  char32_t bits;
  char32_t smallest;  ///< smaller ones have a shorter form
};

/// What a first octet of 80 or more announces; no followers when it cannot be first.
constexpr Lead lead(std::uint8_t octet) {
  if ((octet & 0xE0) == 0xC0) return {1, octet & 0x1FU, 0x80};
  if ((octet & 0xF0) == 0xE0) return {2, octet & 0x0FU, 0x800};
  if ((octet & 0xF8) == 0xF0) return {3, octet & 0x07U, 0x10000};
  return {0, 0, 0};
}

/// Octets of the character of several octets at the front; 0 when it is none.
std::size_t long_character(ByteView octets) {
  const auto [followers, bits, smallest] = lead(octets.front());
  if (followers == 0 || followers >= octets.size()) return 0;
  char32_t character = bits;
  for (std::size_t i = 1; i <= followers; ++i) {
    if ((octets[i] & 0xC0) != 0x80) return 0;
    character = character << 6 | (octets[i] & 0x3FU);
  }
  const bool sound =
      character >= smallest && character <= kLastCharacter && !is_surrogate(character);
  return sound ? followers + 1 : 0;
}

}  // namespace

bool is_utf8(ByteView octets) {
  while (!octets.empty()) {
    const std::size_t size = octets.front() < 0x80 ? 1 : long_character(octets);
    if (size == 0) return false;
    octets = octets.subspan(size);
  }
  return true;
}

void append_utf8(std::string& text, char32_t character) {
  if (character > kLastCharacter || is_surrogate(character)) character = kReplacement;
  const auto follower = [character](int shift) {
    return static_cast<char>(0x80 | (character >> shift & 0x3F));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    text += follower(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0 | character >> 12);
    text += {follower(6), follower(0)};
  } else {
    text += static_cast<char>(0xF0 | character >> 18);
    text += {follower(12), follower(6), follower(0)};
  }
}

}  // namespace signet::asn1
