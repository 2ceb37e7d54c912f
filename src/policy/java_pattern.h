#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace signet::policy {

struct PatternNode;  // java_pattern_node.h

/// A regular expression of a profile, read by the rules of java.util.regex, for which Dogtag's
/// profiles were written. What is not read here just as there is refused: a pattern that means
/// something else may let more subjects pass.
///
///   a \. \t \n \r \f \a \e \x41 \u0041 \Q…\E    characters
///   .                                           any but the ends of lines
///   \d \D \w \W \s \S                           of ASCII alone
///   \p{Lower} \P{Lower}                         and Upper, Alpha, Digit, Alnum, Punct, Graph,
///                                               Print, Blank, Cntrl, XDigit, Space, ASCII
///   [a-c] [^a-c]                                of characters and of the three lines above
///   X* X+ X? X{2} X{2,} X{2,5}                  and with '?' behind it
///   XY X|Y (X) (?:X)                            in order, either, groups
///   (?=X) (?!X) ^ $ \A \z \Z                    what follows, beginning and end
///
/// Every way of matching is tried at once, not one after the other: the time is bounded by the
/// lengths of pattern and text, and nothing recurses along the text.
class JavaPattern {
 public:
  /// `text`: UTF-8. Faults: malformed, with the construct, its place (characters, from 1), and what
  /// to write instead.
  static Result<JavaPattern> read(std::string_view text);

  /// Whether the whole of `text` matches; none does that is not UTF-8.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  explicit JavaPattern(std::shared_ptr<const PatternNode> root) : root_(std::move(root)) {}
  std::shared_ptr<const PatternNode> root_;
};

}  // namespace signet::policy
