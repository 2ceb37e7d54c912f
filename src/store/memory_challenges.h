#pragma once

#include <map>

#include "store/certificate_store.h"

namespace signet::store {

/// Challenges in memory. Changes are remembered until they are kept, so that those of a batch that
/// fails can be taken back, the last one first.
class MemoryChallenges {
 public:
  [[nodiscard]] std::optional<PendingChallenge> find(ByteView id) const;
  [[nodiscard]] std::vector<PendingChallenge> open_in(ByteView requester_hash,
                                                      ByteView transaction_id,
                                                      std::size_t most) const;
  [[nodiscard]] std::size_t count_waiting(ByteView requester_hash, Time now) const;

  /// Whether the condition of this change holds.
  [[nodiscard]] bool may_change(const ChallengeChange& change) const;
  void add(const Commit& commit);
  /// It was the last one added since keep().
  void take_back(const Commit& commit);
  void keep() { before_.clear(); }

 private:
  std::map<Bytes, PendingChallenge> challenges_;
  std::vector<PendingChallenge> before_;
};

}  // namespace signet::store
