#pragma once

#include "base/result.h"

namespace signet::crypto {

/// What is said of a ciphertext, whatever is wrong with it.
inline Error not_opened() {
  return {Fault::decryption_failed, "the ciphertext cannot be opened"};
}

}  // namespace signet::crypto
