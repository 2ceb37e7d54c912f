#pragma once

#include <string_view>
#include <vector>

namespace signet::files {

/// What stands between the separators: at least one part, which may be empty.
inline std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(by);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace signet::files
