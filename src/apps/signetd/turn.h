#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "base/log.h"
#include "store/lease.h"

namespace signet::server {

/// What one node at a time does of all that share a store: whose turn it is, by a lease that is
/// taken again while it is this node's, and by another soon after this one is gone. Doing it twice
/// must do no harm: a node that stood still may not know yet that its turn is over. Safe for many
/// threads.
class Turn {
 public:
  struct Parts {
    store::LeaseStore& leases;
    std::string name;    ///< of the lease: all nodes use the same
    std::string holder;  ///< this node and no other
    Log& log;
    std::chrono::milliseconds duration = std::chrono::seconds{10};
  };
  explicit Turn(Parts parts) : parts_(std::move(parts)) {}
  /// Gives it back, so that another node need not wait; but for let_it_end.
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  /// Lets another node have it from now on: one that can do what this one cannot. Where there is
  /// none, it comes back here.
  void give_back();

  /// It is not given back: what was begun may still be done, and another node waits for its end.
  void let_it_end() { ends_by_itself_ = true; }

  /// Whether it is this node's now. Where the store cannot say, it is not, and the log tells why.
  bool is_ours();

 private:
  using Clock = std::chrono::steady_clock;
  bool take(Clock::time_point now);

  Parts parts_;
  std::atomic<bool> ends_by_itself_ = false;
  std::mutex mutex_;
  std::uint64_t fence_ = 0;         ///< of the lease that was last ours
  bool given_back_ = false;         ///< by give_back, and nobody else had it since
  Clock::time_point ends_at_ = {};  ///< by this machine's clock, never later than by the store's
};

/// The same each time that this node starts, so that it need not wait for itself. `journal`: its
/// journal's path, which no other process of the machine has open.
std::string name_of_this_node(const std::string& journal);

}  // namespace signet::server
