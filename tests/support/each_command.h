#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace signet::test {

/// Called with each command that does something, and its name: {"ca", "init"}.
using VisitCommand = std::function<void(const CLI::App& command, const std::vector<std::string>&)>;

inline void for_each_command(const CLI::App& above, const std::vector<std::string>& name,
                             const VisitCommand& visit) {
  const auto below = above.get_subcommands([](const CLI::App*) { return true; });
  if (below.empty()) visit(above, name);
  for (const auto* each : below) {
    auto longer = name;
    longer.push_back(each->get_name());
    for_each_command(*each, longer, visit);
  }
}

}  // namespace signet::test
