#pragma once

#include <cstdio>
#include <cstdlib>

#include "base/result.h"

namespace signet::test {

/// The value of a Result that cannot fail in a sound test; stops the test program when it did.
template <typename T>
T unwrap(Result<T> result) {
  if (!result.ok()) {
    const auto& error = result.error();
    std::fprintf(stderr, "test set-up: %s: %s\n", to_text(error.fault).data(),
                 error.detail.c_str());
    std::abort();
  }
  return std::move(result).value();
}

}  // namespace signet::test
