#include "adapters/pkcs11/gate.h"

namespace signet::pkcs11 {

void Gate::lock() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.wait(lock, [&] { return inside_ == 0 && !alone_; });
  --waiting_;
  alone_ = true;
}

void Gate::unlock() {
  const std::lock_guard lock(mutex_);
  alone_ = false;
  changed_.notify_all();
}

void Gate::lock_shared() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ == 0 && !alone_; });
  ++inside_;
}

void Gate::unlock_shared() {
  const std::lock_guard lock(mutex_);
  --inside_;
  if (inside_ == 0) changed_.notify_all();
}

}  // namespace signet::pkcs11
