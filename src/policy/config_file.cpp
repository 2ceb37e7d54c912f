#include "policy/config_file.h"

#include <utility>

#include "base/properties.h"

namespace signet::policy {
namespace {

/// Dogtag trims what stands behind a value; Java keeps it.
std::string without_trailing_blanks(std::string text) {
  text.erase(text.find_last_not_of(" \t\f") + 1);
  return text;
}

void add_entry(ConfigFile& file, Property entry, std::vector<ProfileFault>& faults) {
  const auto earlier = file.entries.find(entry.name);
  if (earlier != file.entries.end()) {
    faults.push_back({ProfileFault::Severity::warning, file.name, entry.line,
                      "'" + entry.name + "' stands here again: the value of line " +
                          std::to_string(earlier->second.line) + " is dropped"});
  }
  file.entries.insert_or_assign(
      std::move(entry.name),
      ConfigEntry{without_trailing_blanks(std::move(entry.value)), entry.line});
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
  for (auto& entry : read_properties(text, CommentSign::in_first_column)) {
    add_entry(file, std::move(entry), faults);
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
