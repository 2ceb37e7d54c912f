#pragma once

#include "adapters/sqlite/connection.h"
#include "store/certificate_store.h"

namespace signet::sqlite {

/// Pending requests, awaited confirmations and revocation secrets: what the writing connection does
/// with them. Inside its transaction.
class LifeWriter {
 public:
  Result<void> prepare(Connection& connection);

  /// The first condition that does not hold.
  Result<std::optional<store::Conflict>> conflict(const store::Commit& commit);
  Result<void> add(const store::Commit& commit);
  Result<void> put(const store::RevocationSecret& secret);

 private:
  Statement add_pending_;
  Statement decide_pending_;
  Statement pending_open_;
  Statement add_awaited_;
  Statement settle_;
  Statement find_awaited_;
  Statement put_secret_;
};

/// The same for a reading connection; the questions of store::LifeStore.
class LifeReader {
 public:
  Result<void> prepare(Connection& connection);

  Result<std::optional<store::PendingRequest>> find_pending(ByteView id);
  Result<std::vector<store::PendingRequest>> list_pending(std::optional<store::PendingState> state,
                                                          std::size_t most, ByteView after);
  Result<std::size_t> count_waiting(ByteView requester_hash, Time now, std::size_t most);
  Result<std::optional<store::AwaitedConfirmation>> find_awaited(const store::Integer& serial);
  Result<std::vector<store::AwaitedConfirmation>> awaited_in(ByteView requester_hash,
                                                             ByteView transaction_id);
  Result<std::vector<store::AwaitedConfirmation>> overdue(Time now, std::size_t most);
  Result<std::optional<store::RevocationSecret>> find_revocation_secret(
      const store::Integer& serial);

 private:
  Statement find_pending_;
  Statement list_pending_;
  Statement list_pending_of_state_;
  Statement list_pending_after_;
  Statement list_pending_of_state_after_;
  Statement waiting_;
  Statement find_awaited_;
  Statement awaited_in_;
  Statement overdue_;
  Statement find_secret_;
};

}  // namespace signet::sqlite
