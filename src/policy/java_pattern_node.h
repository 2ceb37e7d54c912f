#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace signet::policy {

/// Code points, as ranges with both ends in them.
class CharacterSet {
 public:
  struct Range {
    char32_t first;
    char32_t last;
  };
  CharacterSet() = default;
  explicit CharacterSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}); }
  void add(const CharacterSet& other);
  [[nodiscard]] bool has(char32_t character) const;
  /// All that are not in it.
  [[nodiscard]] CharacterSet complement() const;

 private:
  std::vector<Range> ranges_;
};

/// The set that \p{name} means, or, for "d", "w" and "s", the escape of that letter: Java's own are
/// of ASCII alone. Null when there is none.
const CharacterSet* find_java_set(std::string_view name);

/// A part of a pattern.
struct PatternNode {
  enum class Kind {
    characters,  ///< one of `set`
    sequence,    ///< `parts`, one after the other
    choice,      ///< one of `parts`
    repeat,      ///< the only part, `least` to `most` times
    ahead,       ///< the only part matches what follows
    not_ahead,   ///< it does not
    begin,
    end,               ///< \z
    last_end_of_line,  ///< $ and \Z: the end, or before the end of line that is the text's last
  };
  Kind kind = Kind::sequence;
  CharacterSet set = {};
  std::vector<PatternNode> parts = {};
  std::size_t least = 0;
  std::optional<std::size_t> most = {};  ///< none: as often as it goes
};

/// Faults: as JavaPattern::read.
Result<PatternNode> read_java_pattern(std::string_view text);

/// None when `text` is not UTF-8.
std::optional<std::u32string> code_points(std::string_view text);

}  // namespace signet::policy
