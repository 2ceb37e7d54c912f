#pragma once

#include <optional>

#include "support/test_authority.h"

namespace signet::test {

/// What the journal says of a message that passed, or was answered otherwise, only because settings
/// of [compatibility] are on: each with the body parts, "legacy_proofs 3,20".
inline std::vector<std::string> tolerances_in(const Told& told) {
  std::vector<std::string> used;
  for (const auto& event : told.events) {
    if (event.name != "COMPATIBILITY_USED") continue;
    std::string line;
    for (const auto& field : event.fields) {
      if (field.name == "Setting") line = field.value;
      if (field.name == "BodyPartID") line += " " + field.value;
    }
    used.push_back(line);
  }
  return used;
}

/// What it says that a setting let pass; none where it does not name the setting.
inline std::optional<std::string> let_pass(const Told& told, std::string_view setting) {
  std::optional<std::string> info;
  for (const auto& event : told.events) {
    if (event.name != "COMPATIBILITY_USED") continue;
    bool is_it = false;
    for (const auto& field : event.fields) {
      if (field.name == "Setting") is_it = field.value == setting;
      if (is_it && field.name == "Setting") info.emplace();
      if (is_it && field.name == "Info") info = field.value;
    }
  }
  return info;
}

/// Whether it names that setting.
inline bool used_tolerance(const Told& told, std::string_view setting) {
  return let_pass(told, setting).has_value();
}

}  // namespace signet::test
