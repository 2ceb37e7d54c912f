#pragma once

#include <ostream>
#include <string>

namespace signet::tool {

/// Exit status: not yet, ask again later.
inline constexpr int kNotYet = 3;

/// Where the commands of one run of the tool write, and how the run ends.
struct Context {
  bool json = false;  ///< one JSON object on `out` instead of text
  std::ostream& out;  ///< results
  std::ostream& err;  ///< progress and, without --json, what went wrong
  /// 0 done · 1 refused or failed · 2 called wrongly · 3 not yet: ask again later. Each command
  /// sets it.
  int exit_status = 0;
  std::string command = {};  ///< the one that runs: "secret create"
};

}  // namespace signet::tool
