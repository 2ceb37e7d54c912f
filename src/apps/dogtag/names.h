#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace signet::dogtag {

/// Whether `name` is one of `names`, in these very letters.
inline bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace signet::dogtag
