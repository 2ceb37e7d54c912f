#include "adapters/pkcs11/gate.h"

namespace signet::pkcs11 {

bool Gate::try_lock() {
  std::unique_lock lock(mutex_);
  if (is_open()) closed_at_ = std::chrono::steady_clock::now();
  ++waiting_;
  const bool is_free = changed_.wait_for(lock, patience_, [&] { return inside_ == 0 && !alone_; });
  --waiting_;
  if (is_free) alone_ = true;
  if (!is_free) changed_.notify_all();
  return is_free;
}

void Gate::unlock() {
  const std::lock_guard lock(mutex_);
  alone_ = false;
  changed_.notify_all();
}

bool Gate::try_lock_shared() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, closed_at_ + patience_, [&] { return is_open(); })) return false;
  ++inside_;
  return true;
}

void Gate::unlock_shared() {
  const std::lock_guard lock(mutex_);
  --inside_;
  if (inside_ == 0) changed_.notify_all();
}

}  // namespace signet::pkcs11
