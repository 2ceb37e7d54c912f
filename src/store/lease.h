#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace signet::store {

/// The right to do, for a while, what one node at a time shall do.
struct Lease {
  /// One more each time that the lease goes to another holder, or to the same one after it ended:
  /// who writes it beside what it does is told apart from one that came too late.
  std::uint64_t fence = 0;
  bool operator==(const Lease&) const = default;
};

/// Leases, by the store's own clock, which all nodes share. Safe for many threads.
/// Faults: storage_failed.
class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  /// For so long from now; none when another holds it. Who holds it takes it again before it ends.
  /// All take one lease for the same time: one that ends later than it would now was taken when the
  /// clock was ahead, and does not stand in another's way.
  virtual Result<std::optional<Lease>> take_lease(std::string_view name, std::string_view holder,
                                                  std::chrono::milliseconds duration) = 0;
  /// From now on anybody may take it; nothing when this holder does not have it.
  virtual Result<void> give_lease_back(std::string_view name, std::string_view holder) = 0;
};

}  // namespace signet::store
