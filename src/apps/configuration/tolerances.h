#pragma once

#include <span>

#include "apps/configuration/configuration.h"

namespace signet::server {

/// One thing that [compatibility] may allow, off by itself.
struct Tolerance {
  const char* name;  ///< the setting's
  const char* what;  ///< in a few words, for a comment beside the setting
  bool Configuration::Compatibility::*value;
  bool follows_dogtag = true;  ///< `dogtag = true` turns it on, unless it is set by itself
};

/// All that are on or off, in the order in which they are shown. header_lines, a number, is none.
std::span<const Tolerance> tolerances();

}  // namespace signet::server
