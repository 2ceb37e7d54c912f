#pragma once

#include <chrono>
#include <thread>

namespace signet::test {

/// Whether `holds` comes true, of what other threads do; looks again and again, for half a minute.
template <typename Predicate>
bool eventually(Predicate holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

}  // namespace signet::test
