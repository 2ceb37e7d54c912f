#pragma once

#include <string_view>

#include "base/bytes.h"

namespace signet {

/// Octets that nobody else may see: wiped when they go, copied only on demand, never printed.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(ByteView octets) : octets_(to_bytes(octets)) {}
  explicit SecretBytes(std::string_view text) : octets_(to_bytes(text)) {}
  /// Takes the octets over; the giver keeps none.
  explicit SecretBytes(Bytes&& octets) : octets_(std::move(octets)) {}
  ~SecretBytes();

  SecretBytes(SecretBytes&& other) noexcept : octets_(std::move(other.octets_)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  [[nodiscard]] SecretBytes copy() const { return SecretBytes(view()); }
  [[nodiscard]] ByteView view() const { return octets_; }
  [[nodiscard]] std::string_view text() const { return as_text(octets_); }
  [[nodiscard]] std::size_t size() const { return octets_.size(); }
  [[nodiscard]] bool empty() const { return octets_.empty(); }

 private:
  Bytes octets_;
};

/// Whether both hold the same octets, in a time that tells only whether the lengths agree.
bool constant_time_equal(ByteView left, ByteView right);

/// Overwrites octets in a way that the compiler may not leave out.
void wipe(std::span<std::uint8_t> octets);

}  // namespace signet
