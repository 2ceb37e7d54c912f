#pragma once

#include <span>

#include "apps/configuration/configuration.h"
#include "base/tolerance.h"

namespace signet::server {

/// The setting by which [compatibility] allows one thing, off by itself.
struct ToleranceSwitch {
  Tolerance tolerance;
  const char* what;  ///< in a few words, for a comment beside the setting
  bool Configuration::Compatibility::*value;
  bool follows_dogtag = true;  ///< `dogtag = true` turns it on, unless it is set by itself
  const char* name = to_text(tolerance);
};

/// All that are on or off, in the order in which they are shown. header_lines, a number, is none.
std::span<const ToleranceSwitch> tolerances();

}  // namespace signet::server
