#include "apps/signetd/media_type.h"

#include <algorithm>
#include <array>

namespace signet::server {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lower(c); });
  return text;
}

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         kMarks.find(c) != std::string_view::npos;
}

/// Takes words off the front of a header's value.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Empty when there is none.
  std::string token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_character);
    const std::string word(rest_.begin(), end);
    rest_.remove_prefix(word.size());
    return word;
  }
  /// A token, or a quoted string without its quotes.
  std::optional<std::string> value() {
    if (take('"')) return rest_of_quoted();
    auto word = token();
    if (word.empty()) return std::nullopt;
    return word;
  }

 private:
  std::optional<std::string> rest_of_quoted() {
    std::string word;
    while (!rest_.empty()) {
      if (take('"')) return word;
      if (take('\\') && rest_.empty()) break;
      word += rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

/// Reads one parameter after its semicolon; a semicolon may also end the whole. False otherwise.
bool read_parameter(Words& words, MediaType& type) {
  const auto name = lower(words.token());
  if (name.empty()) return words.at_end();
  if (!words.take('=')) return false;
  auto value = words.value();
  if (!value) return false;
  if (name != "smime-type") return true;
  if (type.smime_type) return false;
  type.smime_type = lower(std::move(*value));
  return true;
}

}  // namespace

std::optional<MediaType> read_media_type(std::string_view text) {
  Words words(text);
  MediaType type;
  words.skip_blanks();
  const auto group = words.token();
  const bool has_slash = words.take('/');
  const auto member = words.token();
  if (group.empty() || !has_slash || member.empty()) return std::nullopt;
  type.name = lower(group + "/" + member);
  for (words.skip_blanks(); !words.at_end(); words.skip_blanks()) {
    if (!words.take(';')) return std::nullopt;
    words.skip_blanks();
    if (!read_parameter(words, type)) return std::nullopt;
  }
  return type;
}

bool is_request_type(std::string_view content_type) {
  const auto type = read_media_type(content_type);
  const bool is_simple =
      type && (type->name == "application/pkcs10" || type->name == "application/x-pkcs10");
  return is_simple || is_full_request_type(content_type);
}

bool is_full_request_type(std::string_view content_type) {
  constexpr std::array<std::string_view, 3> kFull = {"application/pkcs7-mime",
                                                     "application/x-pkcs7-mime", "application/cms"};
  const auto type = read_media_type(content_type);
  return type && std::find(kFull.begin(), kFull.end(), type->name) != kFull.end() &&
         type->smime_type.value_or("cmc-request") == "cmc-request";
}

}  // namespace signet::server
