#include "adapters/sqlite/life_rows.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"

namespace signet::sqlite {
namespace {

using store::AwaitedConfirmation;
using store::PendingRequest;
using store::PendingState;

Result<void> add_pending(const Statement& add, const PendingRequest& request) {
  const auto serial_numbers = store::write_serial_numbers(request.serial_numbers);
  Run run(add);
  run.with(request.id)
      .with(request.requester_hash)
      .with(request.transaction_id)
      .with(request.message)
      .with(request.tls_client_certificate)
      .with(std::string_view(request.client_address))
      .with(std::string_view(request.profile_id))
      .with(std::string_view(request.requester))
      .with(std::string_view(request.subject))
      .with(to_number(request.created_at))
      .with(to_number(request.expires_at))
      .with(to_number(request.state));
  request.decided_at ? run.with(to_number(*request.decided_at)) : run.with_null();
  return run.with(std::string_view(request.decided_by))
      .with(std::string_view(request.note))
      .with(serial_numbers)
      .finish();
}

}  // namespace

Result<void> LifeWriter::prepare(Connection& connection) {
  add_pending_ = TRY(connection.prepare(queries::kAddPending));
  decide_pending_ = TRY(connection.prepare(queries::kDecidePending));
  pending_open_ = TRY(connection.prepare(queries::kPendingOpen));
  add_awaited_ = TRY(connection.prepare(queries::kAddAwaited));
  settle_ = TRY(connection.prepare(queries::kSettle));
  find_awaited_ = TRY(connection.prepare(queries::kFindAwaited));
  put_secret_ = TRY(connection.prepare(queries::kPutRevocationSecret));
  return {};
}

Result<std::optional<store::Conflict>> LifeWriter::conflict(const store::Commit& commit) {
  using store::Conflict;
  if (commit.pending_decision &&
      !TRY(Run(pending_open_).with(commit.pending_decision->id).next_row())) {
    return std::optional(Conflict::request_decided);
  }
  for (const auto& serial : commit.settled) {
    if (!TRY(Run(find_awaited_).with(serial.octets).next_row())) {
      return std::optional(Conflict::confirmation_settled);
    }
  }
  return std::optional<Conflict>();
}

Result<void> LifeWriter::add(const store::Commit& commit) {
  if (commit.pending) TRY(add_pending(add_pending_, *commit.pending));
  if (const auto& decision = commit.pending_decision) {
    const auto serial_numbers = store::write_serial_numbers(decision->serial_numbers);
    TRY(Run(decide_pending_)
            .with(to_number(decision->to))
            .with(to_number(decision->at))
            .with(std::string_view(decision->by))
            .with(std::string_view(decision->note))
            .with(serial_numbers)
            .with(decision->id)
            .finish());
  }
  for (const auto& awaited : commit.awaited) {
    TRY(Run(add_awaited_)
            .with(awaited.serial_number.octets)
            .with(awaited.requester_hash)
            .with(awaited.transaction_id)
            .with(to_number(awaited.until))
            .finish());
  }
  for (const auto& serial : commit.settled) TRY(Run(settle_).with(serial.octets).finish());
  for (const auto& secret : commit.revocation_secrets) TRY(put(secret));
  return {};
}

Result<void> LifeWriter::put(const store::RevocationSecret& secret) {
  return Run(put_secret_)
      .with(secret.serial_number.octets)
      .with(std::string_view(secret.verifier))
      .finish();
}

Result<void> LifeReader::prepare(Connection& connection) {
  find_pending_ = TRY(connection.prepare(queries::kFindPending));
  list_pending_ = TRY(connection.prepare(queries::kListPending));
  list_pending_of_state_ = TRY(connection.prepare(queries::kListPendingOfState));
  list_pending_after_ = TRY(connection.prepare(queries::kListPendingAfter));
  list_pending_of_state_after_ = TRY(connection.prepare(queries::kListPendingOfStateAfter));
  waiting_ = TRY(connection.prepare(queries::kWaitingOfRequester));
  find_awaited_ = TRY(connection.prepare(queries::kFindAwaited));
  awaited_in_ = TRY(connection.prepare(queries::kAwaitedIn));
  overdue_ = TRY(connection.prepare(queries::kOverdue));
  find_secret_ = TRY(connection.prepare(queries::kFindRevocationSecret));
  return {};
}

Result<std::optional<PendingRequest>> LifeReader::find_pending(ByteView id) {
  Run run(find_pending_);
  return read_one(run.with(id), store::read_pending<Run>);
}

Result<std::vector<PendingRequest>> LifeReader::list_pending(std::optional<PendingState> state,
                                                             std::size_t most, ByteView after) {
  const auto& from_first = state ? list_pending_of_state_ : list_pending_;
  const auto& from_there = state ? list_pending_of_state_after_ : list_pending_after_;
  Run run(after.empty() ? from_first : from_there);
  if (state) run.with(to_number(*state));
  if (!after.empty()) run.with(after);
  return read_all(run.with(clamp(most)), store::read_pending<Run>);
}

Result<std::size_t> LifeReader::count_waiting(ByteView requester_hash, Time now, std::size_t most) {
  Run run(waiting_);
  const auto rows =
      TRY(read_all(run.with(requester_hash).with(to_number(now)).with(clamp(most)),
                   [](const Run& row) -> Result<std::int64_t> { return row.number(0); }));
  return rows.size();
}

Result<std::optional<AwaitedConfirmation>> LifeReader::find_awaited(const store::Integer& serial) {
  Run run(find_awaited_);
  return read_one(run.with(serial.octets), store::read_awaited<Run>);
}

Result<std::vector<AwaitedConfirmation>> LifeReader::awaited_in(ByteView requester_hash,
                                                                ByteView transaction_id) {
  if (transaction_id.empty()) return std::vector<AwaitedConfirmation>();
  Run run(awaited_in_);
  return read_all(run.with(requester_hash).with(transaction_id), store::read_awaited<Run>);
}

Result<std::vector<AwaitedConfirmation>> LifeReader::overdue(Time now, std::size_t most) {
  Run run(overdue_);
  return read_all(run.with(to_number(now)).with(clamp(most)), store::read_awaited<Run>);
}

Result<std::optional<store::RevocationSecret>> LifeReader::find_revocation_secret(
    const store::Integer& serial) {
  Run run(find_secret_);
  return read_one(run.with(serial.octets), [&](const Run& row) -> Result<store::RevocationSecret> {
    return store::RevocationSecret{serial, std::string(row.text(0))};
  });
}

}  // namespace signet::sqlite
