#pragma once

#include <map>
#include <string>

#include "store/lease.h"

namespace signet::store {

/// Leases in memory, by the clock of this process.
class MemoryLeases {
 public:
  std::optional<Lease> take(std::string_view name, std::string_view holder,
                            std::chrono::milliseconds duration);
  void give_back(std::string_view name, std::string_view holder);

 private:
  using Clock = std::chrono::steady_clock;
  struct Held {
    std::string holder;
    std::uint64_t fence = 0;
    Clock::time_point ends_at = {};
  };
  std::map<std::string, Held, std::less<>> held_;
};

}  // namespace signet::store
