#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/profile.h"

namespace signet::policy {

/// One key of a .cfg file: its value, trimmed, and the line where its key stands (from 1).
struct ConfigEntry {
  std::string value;
  int line = 0;
};

/// The keys of a profile's text by name: Java properties without escapes (dogtag/profiles.md §1),
/// as read_properties has them. A comment begins in the first column; a '\' keeps the next
/// character in the key and stands there itself; in values it has no meaning.
struct ConfigFile {
  std::string name;
  std::map<std::string, ConfigEntry, std::less<>> entries;

  /// Null when the key is absent.
  [[nodiscard]] const ConfigEntry* find(std::string_view key) const;
  /// The line of `key`, 0 when it is absent.
  [[nodiscard]] int line_of(std::string_view key) const;
};

/// Any text can be read. A key that stands twice keeps its last value; a warning goes to `faults`.
ConfigFile read_config_file(std::string name, std::string_view text,
                            std::vector<ProfileFault>& faults);

/// "a,b,,c" as {"a", "b", "", "c"}; no item when `text` is empty. Items are not trimmed.
std::vector<std::string> split_list(std::string_view text);

}  // namespace signet::policy
