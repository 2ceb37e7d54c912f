#include "policy/config_file.h"

namespace signet::policy {
namespace {

constexpr std::string_view kBlanks = " \t\f";

std::string_view without_leading_blanks(std::string_view text) {
  const auto start = text.find_first_not_of(kBlanks);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

std::string_view trimmed(std::string_view text) {
  text = without_leading_blanks(text);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// Takes the next line off `text`; it ends with LF, CR LF, CR or the end.
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

/// Octets of the key at the front of `line`.
std::size_t key_length(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    const char c = line[at];
    if (c == '=' || c == ':' || kBlanks.find(c) != std::string_view::npos) return at;
    at += c == '\\' && at + 1 < line.size() ? 2 : 1;
  }
  return at;
}

std::string_view value_after_key(std::string_view rest) {
  rest = without_leading_blanks(rest);
  if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest.remove_prefix(1);
  return trimmed(rest);
}

void add_entry(ConfigFile& file, std::string_view line, int number,
               std::vector<ProfileFault>& faults) {
  line = without_leading_blanks(line);
  if (line.empty()) return;
  const auto length = key_length(line);
  const std::string key{line.substr(0, length)};
  const auto earlier = file.entries.find(key);
  if (earlier != file.entries.end()) {
    faults.push_back({ProfileFault::Severity::warning, file.name, number,
                      "'" + key + "' stands here again: the value of line " +
                          std::to_string(earlier->second.line) + " is dropped"});
  }
  file.entries.insert_or_assign(
      key, ConfigEntry{std::string{value_after_key(line.substr(length))}, number});
}

}  // namespace

const ConfigEntry* ConfigFile::find(std::string_view key) const {
  const auto found = entries.find(key);
  return found == entries.end() ? nullptr : &found->second;
}

int ConfigFile::line_of(std::string_view key) const {
  const auto* entry = find(key);
  return entry == nullptr ? 0 : entry->line;
}

ConfigFile read_config_file(std::string name, std::string_view text,
                            std::vector<ProfileFault>& faults) {
  ConfigFile file{std::move(name), {}};
  int number = 0;
  while (!text.empty()) {
    const auto first = take_line(text);
    const int first_number = ++number;
    if (!first.empty() && (first.front() == '#' || first.front() == '!')) continue;

    std::string whole{first};
    while (continues(whole)) {
      whole.pop_back();
      if (text.empty()) break;
      whole += without_leading_blanks(take_line(text));
      ++number;
    }
    add_entry(file, whole, first_number, faults);
  }
  return file;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  if (text.empty()) return items;
  for (;;) {
    const auto comma = text.find(',');
    items.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace signet::policy
