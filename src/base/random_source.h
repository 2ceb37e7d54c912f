#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace signet {

/// Where randomness comes from. Tests pass a counting one; crypto::system_random() is the real one.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Fills all of `octets`. Faults: internal, when the generator has failed.
  virtual Result<void> fill(std::span<std::uint8_t> octets) = 0;

  Result<Bytes> octets(std::size_t count) {
    Bytes made(count);
    TRY(fill(made));
    return made;
  }
};

}  // namespace signet
