#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signet::server {

/// How the server is, with the reasons in words for who operates it.
struct Condition {
  std::vector<std::string> down;      ///< why this node cannot do its work; another one might
  std::vector<std::string> degraded;  ///< what wants attention while the work is done

  [[nodiscard]] bool is_down() const { return !down.empty(); }
  /// "ok", "degraded" or "down"
  [[nodiscard]] std::string_view word() const {
    if (is_down()) return "down";
    return degraded.empty() ? "ok" : "degraded";
  }
  void add(Condition other) {
    for (auto& why : other.down) down.push_back(std::move(why));
    for (auto& why : other.degraded) degraded.push_back(std::move(why));
  }
};

}  // namespace signet::server
