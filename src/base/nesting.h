#pragma once

#include <cstddef>
#include <string_view>

namespace signet {

/// JSON from outside is nested no deeper than this: what is sent, answered and kept here needs
/// four.
inline constexpr std::size_t kMostJsonDepth = 16;

/// Whether objects and lists stand in each other more than `most` deep, as a parser would meet them
/// in this text up to its end, or to where it is no JSON any more. Asked before JSON from outside
/// is parsed: what is made of it is copied, compared and written by calling itself for each level.
bool nests_deeper(std::string_view json, std::size_t most = kMostJsonDepth);

}  // namespace signet
