#include "store/memory_leases.h"

namespace signet::store {

std::optional<Lease> MemoryLeases::take(std::string_view name, std::string_view holder,
                                        std::chrono::milliseconds duration) {
  const auto now = Clock::now();
  auto& held = held_[std::string(name)];
  const bool stands = held.fence > 0 && held.ends_at > now;
  const bool is_own = stands && held.holder == holder;
  if (stands && !is_own && held.ends_at <= now + duration) return std::nullopt;
  held = {std::string(holder), held.fence + (is_own ? 0 : 1), now + duration};
  return Lease{held.fence};
}

void MemoryLeases::give_back(std::string_view name, std::string_view holder) {
  const auto found = held_.find(name);
  if (found != held_.end() && found->second.holder == holder) found->second.ends_at = {};
}

}  // namespace signet::store
