#pragma once

#include <functional>
#include <map>
#include <set>

#include "store/certificate_store.h"

namespace signet::store {

/// Pending requests, awaited confirmations and revocation secrets, in memory. How each change is
/// undone is remembered until changes are kept, so that those of a batch that fails can be taken
/// back, the last one first.
class MemoryLife {
 public:
  [[nodiscard]] std::optional<PendingRequest> find_pending(ByteView id) const;
  [[nodiscard]] std::vector<PendingRequest> list_pending(std::optional<PendingState> state,
                                                         std::size_t most, ByteView after) const;
  [[nodiscard]] std::size_t count_waiting(ByteView requester_hash, Time now) const;
  [[nodiscard]] std::optional<AwaitedConfirmation> find_awaited(const Integer& serial) const;
  [[nodiscard]] std::vector<AwaitedConfirmation> awaited_in(ByteView requester_hash,
                                                            ByteView transaction_id) const;
  [[nodiscard]] std::vector<AwaitedConfirmation> overdue(Time now, std::size_t most) const;
  [[nodiscard]] std::optional<RevocationSecret> find_revocation_secret(const Integer& serial) const;

  /// The first condition that does not hold.
  [[nodiscard]] std::optional<Conflict> conflict(const Commit& commit) const;
  void add(const Commit& commit);
  void put(const RevocationSecret& secret) { secrets_[secret.serial_number] = secret; }
  /// It was the last one added since keep().
  void take_back();
  void keep() { undo_.clear(); }

 private:
  using Undo = std::function<void()>;

  template <typename Key, typename Value>
  void set(std::map<Key, Value>& values, const Key& key, std::optional<Value> value);

  std::map<Bytes, PendingRequest> pending_;
  std::map<Integer, AwaitedConfirmation> awaited_;
  std::map<Integer, RevocationSecret> secrets_;
  std::vector<std::vector<Undo>> undo_;  ///< of each commit
};

}  // namespace signet::store
