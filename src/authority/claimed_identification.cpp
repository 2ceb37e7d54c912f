#include "authority/claimed_identification.h"

#include <algorithm>
#include <array>

#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

constexpr std::size_t kLongestIdentification = 1024;  // as proof/identity takes them

struct Characters {
  std::string_view first;
  std::string_view last;
};

/// In UTF-8, whose octets have the order of the characters.
constexpr auto kMoving = std::to_array<Characters>({
    {{"\0", 1}, "\x1F"},
    {"\x7F", "\xC2\x9F"},              // DEL, and the controls of Latin-1
    {"\xD8\x9C", "\xD8\x9C"},          // U+061C: the mark of a direction
    {"\xE2\x80\x8B", "\xE2\x80\x8F"},  // U+200B..U+200F: without width; marks of a direction
    {"\xE2\x80\xA8", "\xE2\x80\xAE"},  // U+2028..U+202E: ends of lines, embeddings, overrides
    {"\xE2\x81\xA0", "\xE2\x81\xAF"},  // U+2060..U+206F: what is not seen, isolates
    {"\xEF\xBB\xBF", "\xEF\xBB\xBF"},  // U+FEFF: likewise
});

bool moves_its_line(std::string_view character) {
  return std::any_of(kMoving.begin(), kMoving.end(), [&](const auto& range) {
    return range.first <= character && character <= range.last;
  });
}

/// Of the character that `text`, which is UTF-8, begins with.
std::size_t octets_of_first(std::string_view text) {
  const auto is_inside = [](char octet) {
    return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
  };
  const auto next = std::find_if_not(text.begin() + 1, text.end(), is_inside);
  return static_cast<std::size_t>(next - text.begin());
}

std::string in_one_line(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto character = text.substr(0, octets_of_first(text));
    shown += moves_its_line(character) ? "?" : character;
    text.remove_prefix(character.size());
  }
  return shown;
}

}  // namespace

std::optional<std::string> claimed_identification(const cmc::PkiRequest& message) {
  const auto* control = cmc::find_control(cmc::controls_of(message), cmc::oid::kIdentification);
  if (control == nullptr || control->attr_values.size() != 1) return std::nullopt;
  const auto text = cmc::read_utf8_value(control->attr_values.front());
  if (!text.ok() || text->empty() || text->size() > kLongestIdentification) return std::nullopt;
  return in_one_line(*text);
}

}  // namespace signet::authority
