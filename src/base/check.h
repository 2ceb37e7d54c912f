#pragma once

#include <cstdio>
#include <cstdlib>

/// A broken promise of our own code: say where and stop. Never for input.
#define CHECK(condition)                                                                  \
  ((condition) ? static_cast<void>(0)                                                     \
               : (static_cast<void>(std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, \
                                                 __LINE__, #condition)),                  \
                  std::abort()))
