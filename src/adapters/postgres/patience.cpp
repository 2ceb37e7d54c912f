#include "adapters/postgres/patience.h"

#include <thread>

namespace signet::postgres {

bool Waiting::once_more() const {
  if (std::chrono::steady_clock::now() + patience_.pause > end_) return false;
  std::this_thread::sleep_for(patience_.pause);
  return true;
}

}  // namespace signet::postgres
