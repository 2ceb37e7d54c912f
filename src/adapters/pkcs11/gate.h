#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

namespace signet::pkcs11 {

/// Lets many in at once, or one alone. Who wants it alone comes first: a std::shared_mutex may let
/// others come and go in front of it for ever. Who is inside must not come in a second time.
class Gate {
 public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;  ///< to be alone
  bool alone_ = false;
};

}  // namespace signet::pkcs11
