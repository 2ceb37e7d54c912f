#include "policy/java_pattern.h"

#include <algorithm>
#include <iterator>

#include "codec/asn1/utf8.h"
#include "policy/java_pattern_node.h"

namespace signet::policy {
namespace {

/// Where matching may go on: ascending.
using Places = std::vector<std::size_t>;

Places after(const PatternNode& node, const std::u32string& text, const Places& from);

bool is_line_end(char32_t character) {
  return character == U'\n' || character == U'\r' || character == 0x85 || character == 0x2028 ||
         character == 0x2029;
}

/// At the end, or before an end of line that is the last thing, which may be CR LF.
bool is_before_last_line_end(const std::u32string& text, std::size_t place) {
  const auto rest = text.size() - place;
  if (rest == 0) return true;
  if (rest == 2) return text[place] == U'\r' && text[place + 1] == U'\n';
  const bool within_crlf = place > 0 && text[place - 1] == U'\r' && text[place] == U'\n';
  return rest == 1 && is_line_end(text[place]) && !within_crlf;
}

template <typename Predicate>
Places those(const Places& from, Predicate holds) {
  Places kept;
  std::copy_if(from.begin(), from.end(), std::back_inserter(kept), holds);
  return kept;
}

Places joined(const Places& left, const Places& right) {
  Places both;
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
  return both;
}

Places after_character(const PatternNode& node, const std::u32string& text, const Places& from) {
  Places reached;
  for (const auto place : from) {
    if (place < text.size() && node.set.has(text[place])) reached.push_back(place + 1);
  }
  return reached;
}

/// The rounds that must be; then as many more as lead to places where none before has led.
Places after_rounds(const PatternNode& node, const std::u32string& text, const Places& from) {
  const auto& part = node.parts.front();
  auto now = from;
  std::size_t rounds = 0;
  for (; rounds < node.least && !now.empty(); ++rounds) {
    auto next = after(part, text, now);
    if (next == now) rounds = node.least - 1;  // so would each of those to come
    now = std::move(next);
  }
  auto reached = now;
  std::vector<bool> is_reached(text.size() + 1);
  for (const auto place : reached) is_reached[place] = true;
  for (; !now.empty() && (!node.most || rounds < *node.most); ++rounds) {
    now = those(after(part, text, now), [&](std::size_t place) { return !is_reached[place]; });
    for (const auto place : now) is_reached[place] = true;
    reached.insert(reached.end(), now.begin(), now.end());
  }
  std::sort(reached.begin(), reached.end());
  return reached;
}

bool leads_on(const PatternNode& node, const std::u32string& text, std::size_t place) {
  return !after(node.parts.front(), text, {place}).empty();
}

Places after(const PatternNode& node, const std::u32string& text, const Places& from) {
  switch (node.kind) {
    case PatternNode::Kind::characters:
      return after_character(node, text, from);
    case PatternNode::Kind::sequence: {
      auto now = from;
      for (const auto& part : node.parts) now = after(part, text, now);
      return now;
    }
    case PatternNode::Kind::choice: {
      Places reached;
      for (const auto& part : node.parts) reached = joined(reached, after(part, text, from));
      return reached;
    }
    case PatternNode::Kind::repeat:
      return after_rounds(node, text, from);
    case PatternNode::Kind::ahead:
      return those(from, [&](std::size_t place) { return leads_on(node, text, place); });
    case PatternNode::Kind::not_ahead:
      return those(from, [&](std::size_t place) { return !leads_on(node, text, place); });
    case PatternNode::Kind::begin:
      return those(from, [](std::size_t place) { return place == 0; });
    case PatternNode::Kind::end:
      return those(from, [&](std::size_t place) { return place == text.size(); });
    case PatternNode::Kind::last_end_of_line:
      return those(from, [&](std::size_t place) { return is_before_last_line_end(text, place); });
  }
  return {};
}

}  // namespace

Result<JavaPattern> JavaPattern::read(std::string_view text) {
  return JavaPattern{std::make_shared<const PatternNode>(TRY(read_java_pattern(text)))};
}

bool JavaPattern::matches(std::string_view text) const {
  const auto characters = code_points(text);
  if (!characters) return false;
  const auto ends = after(*root_, *characters, {0});
  return !ends.empty() && ends.back() == characters->size();
}

std::optional<std::u32string> code_points(std::string_view text) {
  if (!asn1::is_utf8(as_bytes(text))) return std::nullopt;
  std::u32string characters;
  for (const char each : text) {
    const auto octet = static_cast<unsigned char>(each);
    if (octet < 0x80) {
      characters.push_back(octet);
    } else if (octet < 0xC0) {
      characters.back() = (characters.back() << 6U) | (octet & 0x3FU);
    } else {
      characters.push_back(octet & (octet < 0xE0 ? 0x1FU : octet < 0xF0 ? 0x0FU : 0x07U));
    }
  }
  return characters;
}

}  // namespace signet::policy
