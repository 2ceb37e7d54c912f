#include "adapters/pkcs11/pace.h"

#include <algorithm>

namespace signet::pkcs11 {

Pace::Clock::time_point Pace::next(std::chrono::seconds longest) const {
  return last_ ? *last_ + std::min(wait_, longest) : Clock::time_point::min();
}

void Pace::tried(Clock::time_point now) {
  if (is_in_vain_) wait_ = std::min(2 * wait_, kLongest);
  is_in_vain_ = true;
  last_ = now;
}

void Pace::succeeded() {
  is_in_vain_ = false;
  wait_ = kFirst;
}

std::string in_how_long(Pace::Clock::time_point now, Pace::Clock::time_point then) {
  if (then <= now) return "at the next use";
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(then - now);
  return "in " + std::to_string(seconds.count()) + " s";
}

}  // namespace signet::pkcs11
