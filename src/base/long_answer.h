#pragma once

#include <cstddef>

namespace signet {

/// An answer of more octets is long: so many of those are held at one time, by whoever decides on
/// them and by whoever sends what nobody decided on. Shorter ones fit the memory, as many as there
/// are connections.
inline constexpr std::size_t kLongAnswerOctets = std::size_t{1} << 20;

}  // namespace signet
