#include "adapters/postgres/postgres_engine.h"

#include <algorithm>

#include "adapters/postgres/life_queries.h"
#include "adapters/postgres/own_session.h"
#include "adapters/postgres/postgres_engine_parts.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/rows.h"
#include "adapters/postgres/schema.h"
#include "store/engine_rules.h"

namespace signet::postgres {

using store::CommitOutcome;

PostgresEngine::PostgresEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PostgresEngine::~PostgresEngine() {
  static_cast<void>(impl_->keep_last_mark());
}

Result<std::unique_ptr<PostgresEngine>> PostgresEngine::open(const std::string& uri,
                                                             Patience patience, std::string node) {
  auto writer = TRY(Writer::open(uri, patience));
  return std::unique_ptr<PostgresEngine>(new PostgresEngine(
      std::make_unique<Impl>(uri, patience, std::move(writer), std::move(node))));
}

Result<std::unique_ptr<const PostgresEngine>> PostgresEngine::open_to_read(const std::string& uri,
                                                                           Patience patience) {
  auto connection = TRY(Connection::open(uri, patience.answer));
  TRY(demand_own_session(connection, uri));
  TRY(demand_newest(connection));
  return std::unique_ptr<const PostgresEngine>(
      new PostgresEngine(std::make_unique<Impl>(uri, patience, nullptr)));
}

Result<void> PostgresEngine::check(const std::string& uri) {
  auto connection = TRY(Connection::open(uri));
  TRY(demand_own_session(connection, uri));
  return demand_durability(connection);
}

std::vector<CommitOutcome> PostgresEngine::apply(std::span<const store::Commit* const> batch,
                                                 audit::Journal& journal) {
  const std::lock_guard lock(impl_->applying);
  BatchWork work(batch, journal);
  const auto done = work.only_tells() ? work.tell() : impl_->keep(work, journal);
  auto outcomes = done ? std::move(work).outcomes() : work.fail(done.error());
  impl_->marks.note(journal);
  return outcomes;
}

Result<void> PostgresEngine::Impl::keep(BatchWork& work, const audit::Journal& journal) {
  const std::lock_guard lock(writing);
  const auto one_try = [&](Connection& connection) -> Result<Writer::Wish> {
    const auto wish = TRY(work.run(connection));
    TRY(marks.keep_if_due(connection, journal, wish));
    return wish;
  };
  TRY(writer->transact(one_try));
  marks.was_kept();
  return {};
}

/// In order: then the database knows the journal to its last record. One that is away is not waited
/// for.
Result<void> PostgresEngine::Impl::keep_last_mark() {
  if (!marks.is_behind()) return {};
  writer->lose_patience();
  return writer->transact([&](Connection& connection) -> Result<Writer::Wish> {
    TRY(marks.keep_last(connection));
    return Writer::Wish::keep;
  });
}

Result<Rows> PostgresEngine::Impl::write(const Statement& statement, const Parameters& parameters) {
  const std::lock_guard lock(writing);
  std::optional<Rows> rows;
  const auto work = [&](Connection& connection) -> Result<Writer::Wish> {
    rows = TRY(connection.run(statement, parameters));
    return rows->touched() > 0 ? Writer::Wish::keep : Writer::Wish::nothing;
  };
  TRY(writer->transact(work));
  return *std::move(rows);
}

Result<void> PostgresEngine::add_token(const store::SharedToken& token) {
  const auto added = TRY(impl_->write(queries::kAddToken, parameters_of(token)));
  if (added.touched() == 0) return store::token_exists(token.identification);
  return {};
}

Result<void> PostgresEngine::revoke_token(ByteView id) {
  const auto revoked = TRY(impl_->write(queries::kRevokeToken, values(id)));
  if (revoked.touched() == 0) return store::token_not_found();
  return {};
}

Result<void> PostgresEngine::forget_failures(ByteView token_id) {
  const auto forgotten = TRY(impl_->write(queries::kForgetFailures, values(token_id)));
  if (forgotten.touched() == 0) return store::no_failures();
  return {};
}

Result<void> PostgresEngine::put_revocation_secret(const store::RevocationSecret& secret) {
  const auto put = TRY(impl_->write(queries::kPutSecretOfCertificate, parameters_of(secret)));
  if (put.touched() == 0) return store::certificate_not_found(secret.serial_number);
  return {};
}

Result<std::uint64_t> PostgresEngine::publish_profiles(const std::vector<store::ProfileFile>& files,
                                                       std::uint64_t seen, Time at) {
  const auto number = static_cast<std::int64_t>(seen) + 1;
  const std::lock_guard lock(impl_->writing);
  const auto work = [&](Connection& connection) -> Result<Writer::Wish> {
    const auto added = TRY(connection.run(queries::kAddEdition, values(number - 1, at)));
    if (added.touched() == 0) return store::edition_overtaken(seen);
    Pipeline texts;
    for (const auto& file : files) {
      texts.add(queries::kAddProfileFile,
                values(number, std::string_view(file.name), std::string_view(file.text)));
    }
    if (!texts.empty()) TRY(connection.run(texts));
    return Writer::Wish::keep;
  };
  TRY(impl_->writer->transact(work));
  return seen + 1;
}

Result<void> PostgresEngine::take_from_outbox(std::span<const std::uint64_t> numbers) {
  if (numbers.empty()) return {};
  std::vector<std::int64_t> settled(numbers.begin(), numbers.end());
  std::sort(settled.begin(), settled.end());
  TRY(impl_->write(queries::kSettlePublications, Parameters().with_all(settled)));
  return {};
}

Result<std::optional<store::Lease>> PostgresEngine::take_lease(std::string_view name,
                                                               std::string_view holder,
                                                               std::chrono::milliseconds duration) {
  const auto taken =
      TRY(impl_->write(queries::kTakeLease, values(name, holder, std::int64_t{duration.count()})));
  std::optional<store::Lease> lease;
  if (taken.size() == 1) lease = store::Lease{static_cast<std::uint64_t>(taken[0].number(0))};
  return lease;
}

Result<void> PostgresEngine::give_lease_back(std::string_view name, std::string_view holder) {
  TRY(impl_->write(queries::kGiveLeaseBack, values(name, holder)));
  return {};
}

}  // namespace signet::postgres
