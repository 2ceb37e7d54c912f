#include "adapters/ldap/patience.h"

namespace signet::ldap {

bool Patience::may_ask(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (!silent_until_) return true;
  if (now < *silent_until_ || is_tried_) return false;
  is_tried_ = true;
  return true;
}

void Patience::was_answered() {
  const std::lock_guard lock(mutex_);
  silent_until_.reset();
  is_tried_ = false;
}

void Patience::was_left_waiting(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  silent_until_ = now + kRest;
  is_tried_ = false;
}

}  // namespace signet::ldap
