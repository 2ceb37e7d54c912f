#include <array>

#include "codec/asn1/utf8.h"
#include "policy/java_pattern_node.h"

/// Reads patterns by the rules of java.util.regex (JavaPattern).
namespace signet::policy {
namespace {

using Kind = PatternNode::Kind;

constexpr std::size_t kDeepest = 50;       // groups within groups
constexpr std::size_t kMostRounds = 1000;  // of a counted repetition

bool is_ascii_letter_or_digit(char32_t character) {
  return character < 0x80 && find_java_set("Alnum")->has(character);
}

/// One character of the pattern; what stood between \Q and \E is never more than itself.
struct Token {
  char32_t character;
  bool is_plain;      ///< it may mean something
  std::size_t place;  ///< in the pattern, from 1
};

std::vector<Token> tokens_of(const std::u32string& text) {
  std::vector<Token> tokens;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escapes = text[at] == U'\\' && at + 1 < text.size();
    if (escapes && text[at + 1] == (quoted ? U'E' : U'Q')) {
      quoted = !quoted;
      ++at;
      continue;
    }
    tokens.push_back({text[at], !quoted, at + 1});
    if (escapes && !quoted) {
      ++at;
      tokens.push_back({text[at], true, at + 1});
    }
  }
  return tokens;
}

PatternNode characters(CharacterSet set) {
  return {.kind = Kind::characters, .set = std::move(set)};
}

PatternNode assertion(Kind kind) {
  return {.kind = kind};
}

bool is_assertion(const PatternNode& node) {
  return node.kind != Kind::characters && node.kind != Kind::sequence && node.kind != Kind::choice;
}

class PatternReader {
 public:
  explicit PatternReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<PatternNode> read() {
    auto whole = TRY(read_choice());
    if (at_ < tokens_.size()) return refuse(")", "ends no group");
    return whole;
  }

 private:
  [[nodiscard]] bool is_at_end() const { return at_ >= tokens_.size(); }
  /// Whether this character stands here, and not between \Q and \E.
  [[nodiscard]] bool sees(char32_t character, std::size_t further = 0) const {
    return at_ + further < tokens_.size() && tokens_[at_ + further].is_plain &&
           tokens_[at_ + further].character == character;
  }
  [[nodiscard]] bool sees_any(std::u32string_view characters) const {
    return !is_at_end() && tokens_[at_].is_plain &&
           characters.find(tokens_[at_].character) != std::u32string_view::npos;
  }
  bool skip(char32_t character) {
    if (!sees(character)) return false;
    ++at_;
    return true;
  }
  /// The next one, whatever it is; at the end 0.
  char32_t take() { return is_at_end() ? U'\0' : tokens_[at_++].character; }

  [[nodiscard]] Error refuse(const std::string& construct, const std::string& why) const {
    const auto place = is_at_end() ? tokens_.size() : tokens_[at_].place;
    return {Fault::malformed,
            "'" + construct + "' near character " + std::to_string(place) + " " + why};
  }
  [[nodiscard]] Error refuse(char32_t character, const std::string& why) const {
    std::string construct;
    asn1::append_utf8(construct, character);
    return refuse(construct, why);
  }

  Result<PatternNode> read_choice();
  Result<PatternNode> read_sequence();
  Result<PatternNode> read_repeated();
  Result<PatternNode> read_one();
  Result<PatternNode> read_group();
  Result<PatternNode> read_escape();
  Result<PatternNode> repeat(PatternNode node);
  Result<PatternNode> counted(PatternNode node);
  std::optional<std::size_t> read_count();
  Result<CharacterSet> read_brackets();
  Result<void> read_member(CharacterSet& set, bool is_first);
  Result<char32_t> read_end_of_range();
  Result<void> check_member() const;
  Result<CharacterSet> read_named_set(bool is_negated);
  Result<std::optional<CharacterSet>> read_escaped_set();
  Result<char32_t> read_escaped_character();
  Result<char32_t> read_hexadecimal(std::size_t digits);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

Result<PatternNode> PatternReader::read_choice() {
  PatternNode choice{.kind = Kind::choice};
  do {
    choice.parts.push_back(TRY(read_sequence()));
  } while (skip(U'|'));
  if (choice.parts.size() > 1) return choice;
  auto only = std::move(choice.parts.front());
  return only;
}

Result<PatternNode> PatternReader::read_sequence() {
  PatternNode sequence{.kind = Kind::sequence};
  while (!is_at_end() && !sees_any(U"|)")) sequence.parts.push_back(TRY(read_repeated()));
  return sequence;
}

Result<PatternNode> PatternReader::read_repeated() {
  auto node = TRY(read_one());
  if (!sees_any(U"*+?{")) return node;
  if (is_assertion(node)) {
    return refuse(tokens_[at_].character, "repeats what takes no character: leave it out");
  }
  auto repeated = TRY(repeat(std::move(node)));
  if (sees(U'+')) {
    return refuse("+",
                  "makes the repetition before it possessive, which is not offered: write the "
                  "pattern so that it does without, or leave that '+' out if it may match more");
  }
  skip(U'?');  // which way is tried first makes no difference to whether all of it matches
  if (sees_any(U"*+?{")) return refuse(tokens_[at_].character, "repeats a repetition: use a group");
  return repeated;
}

Result<PatternNode> PatternReader::repeat(PatternNode node) {
  if (sees(U'{')) return counted(std::move(node));
  const auto sign = take();
  PatternNode repeated{.kind = Kind::repeat};
  repeated.least = sign == U'+' ? 1 : 0;
  if (sign == U'?') repeated.most = 1;
  repeated.parts.push_back(std::move(node));
  return repeated;
}

/// {2} {2,} {2,5}
Result<PatternNode> PatternReader::counted(PatternNode node) {
  constexpr const char* kWanted = "is no {2}, {2,} or {2,5} of numbers up to 1000";
  take();
  PatternNode repeated{.kind = Kind::repeat};
  const auto least = read_count();
  if (!least) return refuse("{", kWanted);
  repeated.least = *least;
  repeated.most = least;
  if (skip(U',')) {
    repeated.most.reset();
    if (!sees(U'}')) repeated.most = read_count();
    if (!sees(U'}') || (repeated.most && *repeated.most < *least)) return refuse("{", kWanted);
  }
  if (!skip(U'}')) return refuse("{", kWanted);
  repeated.parts.push_back(std::move(node));
  return repeated;
}

/// None where no number stands, or one that is too large.
std::optional<std::size_t> PatternReader::read_count() {
  std::optional<std::size_t> count;
  while (sees_any(U"0123456789")) {
    count = count.value_or(0) * 10 + (take() - U'0');
    if (*count > kMostRounds) return std::nullopt;
  }
  return count;
}

Result<PatternNode> PatternReader::read_one() {
  if (sees(U'(')) return read_group();
  if (sees(U'[')) return characters(TRY(read_brackets()));
  if (sees(U'\\')) return read_escape();
  if (skip(U'^')) return assertion(Kind::begin);
  if (skip(U'$')) return assertion(Kind::last_end_of_line);
  if (skip(U'.')) {
    return characters(
        CharacterSet{{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}}.complement());
  }
  if (sees_any(U"*+?{")) {
    return refuse(tokens_[at_].character, "repeats nothing; as a character write it behind a '\\'");
  }
  const auto character = take();
  return characters(CharacterSet{{{character, character}}});
}

Result<PatternNode> PatternReader::read_group() {
  take();
  if (++depth_ > kDeepest) return refuse("(", "is too deep in other groups");
  auto kind = Kind::sequence;
  if (sees(U'?')) {
    if (!sees(U':', 1) && !sees(U'=', 1) && !sees(U'!', 1)) {
      return refuse("(?",
                    "is none of (?:…), (?=…) and (?!…): flags, names, what stands before, and "
                    "groups that give nothing back are not offered");
    }
    take();
    const auto sign = take();
    if (sign != U':') kind = sign == U'=' ? Kind::ahead : Kind::not_ahead;
  }
  PatternNode group{.kind = kind};
  group.parts.push_back(TRY(read_choice()));
  if (!skip(U')')) return refuse("(", "is not closed");
  --depth_;
  return group;
}

/// Outside of brackets.
Result<PatternNode> PatternReader::read_escape() {
  struct Place {
    char32_t letter;
    Kind kind;
  };
  constexpr std::array kPlaces{Place{U'A', Kind::begin}, Place{U'z', Kind::end},
                               Place{U'Z', Kind::last_end_of_line}};
  for (const auto& [letter, kind] : kPlaces) {
    if (!sees(letter, 1)) continue;
    at_ += 2;
    return assertion(kind);
  }
  if (auto set = TRY(read_escaped_set())) return characters(*std::move(set));
  const auto character = TRY(read_escaped_character());
  return characters(CharacterSet{{{character, character}}});
}

/// \d, \p{Alpha} and the like; none when something else stands here.
Result<std::optional<CharacterSet>> PatternReader::read_escaped_set() {
  for (const char letter : {'d', 'w', 's'}) {
    const auto lower = static_cast<char32_t>(letter);
    const auto upper = lower - U'a' + U'A';
    if (!sees(lower, 1) && !sees(upper, 1)) continue;
    const auto& set = *find_java_set(std::string_view(&letter, 1));
    const bool is_negated = sees(upper, 1);
    at_ += 2;
    return std::optional(is_negated ? set.complement() : set);
  }
  if (sees(U'p', 1) || sees(U'P', 1)) {
    const bool is_negated = sees(U'P', 1);
    return std::optional(TRY(read_named_set(is_negated)));
  }
  return std::optional<CharacterSet>();
}

/// \p{Alpha}
Result<CharacterSet> PatternReader::read_named_set(bool is_negated) {
  at_ += 2;
  std::string name;
  bool is_closed = false;
  if (skip(U'{')) {
    while (!is_at_end() && !sees(U'}')) asn1::append_utf8(name, take());
    is_closed = skip(U'}');
  } else if (!is_at_end()) {
    asn1::append_utf8(name, take());
  }
  const auto* set = is_closed && name.size() > 1 ? find_java_set(name) : nullptr;
  if (set == nullptr) {
    return refuse(std::string(is_negated ? "\\P{" : "\\p{") + name + "}",
                  "is none of those offered: Lower, Upper, Alpha, Digit, Alnum, Punct, Graph, "
                  "Print, Blank, Cntrl, XDigit, Space, ASCII");
  }
  return is_negated ? set->complement() : *set;
}

Result<char32_t> PatternReader::read_escaped_character() {
  take();
  if (is_at_end()) return refuse("\\", "stands at the end");
  const auto letter = tokens_[at_].character;
  if (!is_ascii_letter_or_digit(letter)) return take();
  struct Control {
    char32_t letter;
    char32_t character;
  };
  constexpr std::array kControls{Control{U't', 0x09}, Control{U'n', 0x0A}, Control{U'r', 0x0D},
                                 Control{U'f', 0x0C}, Control{U'a', 0x07}, Control{U'e', 0x1B}};
  for (const auto& control : kControls) {
    if (skip(control.letter)) return control.character;
  }
  if (skip(U'x')) return read_hexadecimal(2);
  if (skip(U'u')) return read_hexadecimal(4);
  std::string construct = "\\";
  asn1::append_utf8(construct, letter);
  return refuse(construct, "is not offered (here)");
}

Result<char32_t> PatternReader::read_hexadecimal(std::size_t digits) {
  char32_t character = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!sees_any(U"0123456789abcdefABCDEF")) {
      return refuse(digits == 2 ? "\\x" : "\\u",
                    "wants " + std::to_string(digits) + " hexadecimal digits");
    }
    const auto digit = take();
    const auto letter = (digit | 0x20U) - U'a' + 10;
    character = character * 16 + (digit <= U'9' ? digit - U'0' : letter);
  }
  if (character >= 0xD800 && character <= 0xDFFF) {
    return refuse("\\u", "names half a character: write the character itself");
  }
  return character;
}

Result<CharacterSet> PatternReader::read_brackets() {
  take();
  const bool is_negated = skip(U'^');
  CharacterSet set;
  bool is_first = true;
  if (sees(U']')) return refuse("]", "stands first in brackets: write '\\]'");
  while (!sees(U']')) {
    if (is_at_end()) return refuse("[", "is not closed");
    TRY(read_member(set, is_first));
    is_first = false;
  }
  take();
  return is_negated ? set.complement() : set;
}

Result<void> PatternReader::check_member() const {
  if (is_at_end()) return refuse("[", "is not closed");
  if (sees(U'[')) {
    return refuse("[", "within brackets joins two sets there: write all members in one, or '\\['");
  }
  if (sees(U'&') && sees(U'&', 1)) {
    return refuse("&&", "within brackets cuts two sets: write the members that are in both");
  }
  return {};
}

Result<void> PatternReader::read_member(CharacterSet& set, bool is_first) {
  TRY(check_member());
  if (sees(U'-') && (sees(U'-', 1) || (!is_first && !sees(U']', 1)))) {
    return refuse("-", "is neither first nor last nor between two characters: write '\\-'");
  }
  if (sees(U'\\')) {
    if (const auto named = TRY(read_escaped_set())) {
      set.add(*named);
      return {};
    }
  }
  const auto first = sees(U'\\') ? TRY(read_escaped_character()) : take();
  auto last = first;
  if (sees(U'-') && !sees(U']', 1)) {
    take();
    last = TRY(read_end_of_range());
  }
  set.add(first, last);
  if (last < first) return refuse("-", "stands between two characters in the wrong order");
  return {};
}

Result<char32_t> PatternReader::read_end_of_range() {
  TRY(check_member());
  if (sees(U'-')) return refuse("-", "ends a range: write '\\-'");
  return sees(U'\\') ? read_escaped_character() : take();
}

}  // namespace

Result<PatternNode> read_java_pattern(std::string_view text) {
  const auto characters = code_points(text);
  if (!characters) return Error{Fault::malformed, "the pattern is not UTF-8"};
  return PatternReader{tokens_of(*characters)}.read();
}

}  // namespace signet::policy
