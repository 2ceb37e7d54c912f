#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signet {

/// Octets that we own.
using Bytes = std::vector<std::uint8_t>;

/// Octets that somebody else owns, to read. Never outlives its owner.
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

inline Bytes to_bytes(ByteView octets) {
  return {octets.begin(), octets.end()};
}
inline Bytes to_bytes(std::string_view text) {
  return to_bytes(as_bytes(text));
}

inline void append(Bytes& to, ByteView octets) {
  to.insert(to.end(), octets.begin(), octets.end());
}

/// Whether both hold the same octets. Not for secrets: see constant_time_equal.
bool equal(ByteView left, ByteView right);

/// Lower-case hexadecimal, two digits an octet.
std::string to_hex(ByteView octets);

}  // namespace signet
