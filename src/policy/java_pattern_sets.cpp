#include <algorithm>
#include <array>
#include <utility>

#include "policy/java_pattern_node.h"

/// Sets of characters, and those that have names.
namespace signet::policy {

void CharacterSet::add(const CharacterSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
}

bool CharacterSet::has(char32_t character) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return range.first <= character && character <= range.last;
  });
}

CharacterSet CharacterSet::complement() const {
  auto sorted = ranges_;
  std::sort(sorted.begin(), sorted.end(),
            [](const Range& left, const Range& right) { return left.first < right.first; });
  CharacterSet rest;
  char32_t next = 0;
  for (const auto& range : sorted) {
    if (range.first > next) rest.add(next, range.first - 1);
    next = std::max<char32_t>(next, range.last + 1);
  }
  if (next <= 0x10FFFF) rest.add(next, 0x10FFFF);
  return rest;
}

const CharacterSet* find_java_set(std::string_view name) {
  static const std::array kSets{
      std::pair{std::string_view("Lower"), CharacterSet{{{'a', 'z'}}}},
      std::pair{std::string_view("Upper"), CharacterSet{{{'A', 'Z'}}}},
      std::pair{std::string_view("ASCII"), CharacterSet{{{0, 0x7F}}}},
      std::pair{std::string_view("Alpha"), CharacterSet{{{'A', 'Z'}, {'a', 'z'}}}},
      std::pair{std::string_view("Digit"), CharacterSet{{{'0', '9'}}}},
      std::pair{std::string_view("Alnum"), CharacterSet{{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}}},
      std::pair{std::string_view("Punct"),
                CharacterSet{{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}}},
      std::pair{std::string_view("Graph"), CharacterSet{{{'!', '~'}}}},
      std::pair{std::string_view("Print"), CharacterSet{{{' ', '~'}}}},
      std::pair{std::string_view("Blank"), CharacterSet{{{' ', ' '}, {'\t', '\t'}}}},
      std::pair{std::string_view("Cntrl"), CharacterSet{{{0, 0x1F}, {0x7F, 0x7F}}}},
      std::pair{std::string_view("XDigit"), CharacterSet{{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}}},
      std::pair{std::string_view("Space"), CharacterSet{{{'\t', '\r'}, {' ', ' '}}}},
      std::pair{std::string_view("d"), CharacterSet{{{'0', '9'}}}},
      std::pair{std::string_view("w"),
                CharacterSet{{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}},
      std::pair{std::string_view("s"), CharacterSet{{{'\t', '\r'}, {' ', ' '}}}},
  };
  for (const auto& [known, set] : kSets) {
    if (known == name) return &set;
  }
  return nullptr;
}

}  // namespace signet::policy
