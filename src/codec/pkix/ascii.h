#pragma once

namespace signet::pkix {

/// Case folding of ASCII letters; other octets, also those of UTF-8, stay as they are.
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace signet::pkix
