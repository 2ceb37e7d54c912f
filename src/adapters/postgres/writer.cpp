#include "adapters/postgres/writer.h"

#include <algorithm>

#include "adapters/postgres/own_session.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/schema.h"

namespace signet::postgres {
namespace {

constexpr Statement kDurability{"durability",
                                "SELECT coalesce(current_setting('fsync', true), 'on'), "
                                "coalesce(current_setting('synchronous_commit', true), 'on')"};

Error lost_before_kept() {
  return {Fault::storage_failed,
          "the store's database lost the connection, and could say only after a while that it had "
          "kept nothing: see in its log why"};
}

/// Of a database that can be reached all the while.
Error always_lost() {
  return {Fault::storage_failed,
          "the store's database lost the connection before it had kept anything, time and again: "
          "see in its log why, and whether the journal's disk takes longer than the database lets "
          "a transaction stand still (10 s)"};
}

Error always_overtaken() {
  return {Fault::storage_failed, "other nodes were in the way too often: try again"};
}

Error in_doubt(const Error& why) {
  return {Fault::in_doubt,
          "it is not known whether the store's database has kept a batch: " + why.detail};
}

Error standby_unknown() {
  return {Fault::storage_failed,
          "the store's database broke off its wait for a standby: see in its log why "
          "(pg_cancel_backend?)"};
}

Error still_in_doubt() {
  return {Fault::in_doubt,
          "it is not known yet whether the store's database has kept an earlier batch: its "
          "transaction has not ended there; see whether it waits for a standby that is away "
          "(pg_stat_replication)"};
}

Parameters mark(const Bytes& id, std::int64_t batch) {
  Parameters parameters;
  parameters.with(id).with(batch);
  return parameters;
}

}  // namespace

Result<void> demand_durability(Connection& connection) {
  const auto settings = TRY(connection.run(kDurability));
  if (settings.size() != 1) return Error{Fault::storage_failed, "the database told no settings"};
  if (settings[0].text(0) == "off") {
    return Error{Fault::bad_configuration,
                 "the store's database runs with fsync = off: what it keeps may be lost; turn it "
                 "on"};
  }
  // Set in any case: what the session has of the server's files changes with them.
  const bool is_applied = settings[0].text(1) == "remote_apply";
  return connection.execute("SET synchronous_commit = " +
                            std::string(is_applied ? "remote_apply" : "on"));
}

Result<std::unique_ptr<Writer>> Writer::open(const std::string& uri, Patience patience) {
  std::unique_ptr<Writer> writer(new Writer(uri, patience));
  auto connection = TRY(Connection::open(uri, patience.answer));
  TRY(demand_own_session(connection, uri));
  TRY(migrate(connection));
  TRY(demand_rights(connection));
  TRY(writer->connect());
  return writer;
}

Result<void> Writer::connect() {
  auto connection = TRY(Connection::open(uri_, patience_.answer));
  TRY(demand_durability(connection));
  connection_ = std::make_unique<Connection>(std::move(connection));
  if (id_.empty()) TRY(register_writer());
  gave_up_ = false;
  return {};
}

Result<void> Writer::register_writer() {
  const auto row = TRY(connection_->run(queries::kOpenWriter));
  if (row.size() != 1) return Error{Fault::storage_failed, "the database gave the writer no id"};
  id_ = to_bytes(row[0].octets(0));
  return {};
}

Result<void> Writer::transact(const Work& work) {
  Waiting waiting(gave_up_ ? Patience{.most = {}, .pause = patience_.pause} : patience_);
  Courtesy courtesy(id_);
  for (int losses = 0;;) {
    const auto tried = attempt(work, waiting);
    if (tried.ok() && *tried == Try::done) break;
    const bool not_kept = tried.ok() && *tried == Try::not_kept;
    if (not_kept) ++losses;
    if (not_kept && !waiting.once_more()) return losses > 1 ? always_lost() : lost_before_kept();
    if (tried.ok() && courtesy.once_more()) continue;
    if (tried.ok()) return always_overtaken();
    if (tried.error().fault == Fault::in_doubt || !lost()) return tried.error();
    connection_.reset();
    if (waiting.once_more()) continue;
    gave_up_ = true;
    return in_doubt_ ? in_doubt(tried.error()) : tried.error();
  }
  gave_up_ = false;
  return {};
}

bool Writer::lost() const {
  return connection_ == nullptr || connection_->trouble() == Trouble::lost;
}

Result<Writer::Try> Writer::attempt(const Work& work, Waiting& waiting) {
  if (connection_ == nullptr) TRY(connect());
  const auto tried = TRY(run(work));
  if (tried == Try::unknown) return settle(waiting);
  return tried;
}

Result<Writer::Try> Writer::run(const Work& work) {
  const Transaction transaction(*connection_);
  const auto begun = begin();
  const auto wish = begun.ok() ? work(*connection_) : begun.error();
  if (!wish && connection_->trouble() == Trouble::again) return Try::overtaken;
  if (!wish) return wish.error();
  if (*wish == Wish::nothing) return Try::done;
  if (*wish == Wish::again) return Try::overtaken;
  return commit();
}

/// The mark is there, and its row locked, before anything can be committed: whoever asks for it
/// later waits for the end of this transaction, however late the database hears of that. While the
/// one before is in doubt its row is locked until that has ended, and nobody waits for it.
Result<void> Writer::begin() {
  Pipeline first;
  first.add(queries::kBegin);
  if (in_doubt_) first.add(queries::kWaitForNobody);
  first.add(queries::kMarkBatch, mark(id_, ++batch_));
  if (in_doubt_) first.add(queries::kWaitForOthers);
  const auto begun = connection_->run(first);
  if (!begun && in_doubt_ && connection_->trouble() == Trouble::other) return still_in_doubt();
  if (!begun) return begun.error();
  in_doubt_ = false;
  return {};
}

Result<Writer::Try> Writer::commit() {
  const auto done =
      connection_->run_within(std::min(patience_.commit, patience_.answer), queries::kCommit);
  if (!done && connection_->trouble() == Trouble::again) return Try::overtaken;
  if (!done && lost()) return Try::unknown;
  if (!done) return done.error();
  if (done->command() == "COMMIT") return connection_->warned() ? Try::unknown : Try::done;
  return Error{Fault::storage_failed, "the store's database took the transaction back"};
}

/// Whether the transaction was kept whose connection was lost.
Result<Writer::Try> Writer::settle(Waiting& waiting) {
  waiting.begin();
  for (;;) {
    connection_.reset();
    const auto kept = was_kept(waiting.one_look());
    if (kept.ok()) return *kept ? Try::done : Try::not_kept;
    if (waiting.once_more()) continue;
    if (lost()) connection_.reset();
    in_doubt_ = true;
    gave_up_ = true;
    return in_doubt(kept.error());
  }
}

/// The mark's row is locked by a transaction that may still be kept: the answer waits for its end.
/// The question locks it too, and so waits for a standby to have what it tells of.
Result<bool> Writer::was_kept(std::chrono::milliseconds most) {
  TRY(connect());
  Parameters id;
  id.with(id_);
  const auto last = TRY(connection_->run_within(most, queries::kLastBatch, std::move(id)));
  if (connection_->warned()) return standby_unknown();
  return last.size() == 1 && last[0].number(0) == batch_;
}

}  // namespace signet::postgres
