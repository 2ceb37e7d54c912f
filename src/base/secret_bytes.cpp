#include "base/secret_bytes.h"

#include <cstring>

namespace signet {

SecretBytes::~SecretBytes() {
  wipe(octets_);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  wipe(octets_);
  octets_ = std::move(other.octets_);
  other.octets_.clear();
  return *this;
}

bool constant_time_equal(ByteView left, ByteView right) {
  if (left.size() != right.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (left[i] ^ right[i]));
  }
  return difference == 0;
}

void wipe(std::span<std::uint8_t> octets) {
  if (!octets.empty()) explicit_bzero(octets.data(), octets.size());
}

}  // namespace signet
