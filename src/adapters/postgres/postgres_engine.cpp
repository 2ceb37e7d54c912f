#include "adapters/postgres/postgres_engine.h"

#include <algorithm>
#include <limits>
#include <mutex>

#include "adapters/postgres/batch.h"
#include "adapters/postgres/journal_marks.h"
#include "adapters/postgres/own_session.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/reader.h"
#include "adapters/postgres/rows.h"
#include "adapters/postgres/schema.h"
#include "adapters/postgres/writes.h"
#include "store/engine_rules.h"

namespace signet::postgres {
namespace {

using store::CertificateRecord;
using store::CommitOutcome;

constexpr auto kMostNumber = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kEntriesAtOnce = 5000;

std::int64_t clamp(std::size_t count) {
  return static_cast<std::int64_t>(std::min<std::size_t>(count, kMostNumber));
}

}  // namespace

struct PostgresEngine::Impl {
  Impl(const std::string& uri, Patience patience, std::unique_ptr<Writer> with_writer,
       std::string node = {})
      : writer(std::move(with_writer)), readers(uri, patience), marks(std::move(node)) {}

  /// One statement by itself, durable when this returns. Gives its rows and how many it touched.
  Result<Rows> write(const Statement& statement, const Parameters& parameters);
  Result<void> keep(BatchWork& work, const audit::Journal& journal);
  Result<void> keep_last_mark();

  std::mutex applying;  ///< taken before `writing`
  std::mutex writing;
  std::unique_ptr<Writer> writer;  ///< none in an engine that only reads: it is const
  ReaderPool readers;
  JournalMarks marks;  ///< under `applying`
};

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

Result<void> PostgresEngine::change_status(const store::Integer& serial,
                                           store::CertificateStatus status, Time at, int reason) {
  store::Commit commit;
  commit.status_changes.push_back(
      {.serial_number = serial, .to = status, .at = at, .reason = reason});
  const std::vector<const store::Commit*> batch{&commit};
  const std::lock_guard lock(impl_->writing);
  return impl_->writer->transact([&](Connection& connection) -> Result<Writer::Wish> {
    auto conditions = TRY(Conditions::read(connection, batch));
    if (!conditions.has_certificate(serial)) return store::certificate_not_found(serial);
    Writes writes;
    writes.add(commit, conditions);
    const auto made = TRY(std::move(writes).run(connection));
    return made == Writes::Outcome::made ? Writer::Wish::keep : Writer::Wish::again;
  });
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

// An edition is never changed, and stands with all of its files or not at all: two reads are one.
Result<std::optional<store::ProfileEdition>> PostgresEngine::find_profiles(
    std::uint64_t after) const {
  const auto newest =
      TRY(impl_->readers.ask(queries::kNewestEdition, values(static_cast<std::int64_t>(after))));
  std::optional<store::ProfileEdition> found;
  if (newest.size() == 0) return found;
  found = store::ProfileEdition{.number = static_cast<std::uint64_t>(newest[0].number(0)),
                                .published_at = newest[0].time(1),
                                .files = {}};
  const auto texts = TRY(impl_->readers.ask(queries::kProfileFiles, values(newest[0].number(0))));
  for (int row = 0; row < texts.size(); ++row) {
    found->files.push_back({std::string(texts[row].text(0)), std::string(texts[row].text(1))});
  }
  return found;
}

Result<std::vector<store::OutboxEntry>> PostgresEngine::in_outbox(store::OutboxLine line,
                                                                  std::size_t most) const {
  const auto& first = line == store::OutboxLine::pressing ? queries::kPressingPublications
                                                          : queries::kUnhurriedPublications;
  return read_all(TRY(impl_->readers.ask(first, values(clamp(most)))),
                  [line](const Row& row) { return store::read_outbox_entry(row, line); });
}

Result<bool> PostgresEngine::is_withheld(const store::Integer& serial) const {
  const auto found =
      TRY(impl_->readers.ask(queries::kFindPublicationChoice, values(serial.octets)));
  return found.size() > 0 && found[0].number(0) != 0;
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

Result<std::optional<CertificateRecord>> PostgresEngine::find_certificate(
    const store::Integer& serial) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindBySerial, values(serial.octets))),
                  store::read_certificate<Row>);
}

Result<std::vector<CertificateRecord>> PostgresEngine::find_by_subject(ByteView subject_der) const {
  const auto mark = store::subject_mark(subject_der);
  return read_all(TRY(impl_->readers.ask(queries::kFindBySubject, values(mark, subject_der))),
                  store::read_certificate<Row>);
}

Result<std::vector<CertificateRecord>> PostgresEngine::find_some_by_subject(
    ByteView subject_der, std::size_t most) const {
  const auto mark = store::subject_mark(subject_der);
  return read_all(
      TRY(impl_->readers.ask(queries::kFindSomeBySubject, values(mark, subject_der, clamp(most)))),
      store::read_certificate<Row>);
}

Result<std::vector<CertificateRecord>> PostgresEngine::find_by_key(ByteView key_hash) const {
  return read_all(TRY(impl_->readers.ask(queries::kFindByKey, values(key_hash))),
                  store::read_certificate<Row>);
}

Result<std::vector<CertificateRecord>> PostgresEngine::find_certificates(const Query& query) const {
  Parameters parameters;
  if (query.status) parameters.with(static_cast<std::int64_t>(*query.status));
  parameters.with(query.issued_from.value_or(Time::min()))
      .with(query.issued_to.value_or(Time::max()))
      .with(clamp(query.most));
  const auto& statement = query.status ? queries::kFindByStatus : queries::kFindByTime;
  return read_all(TRY(impl_->readers.ask(statement, std::move(parameters))),
                  store::read_certificate<Row>);
}

Result<store::Seen> PostgresEngine::seen_before(const store::AnsweredRequest& asked) const {
  const auto rows = TRY(
      impl_->readers.ask(queries::kSeenBefore,
                         values(asked.request_digest, asked.requester_hash, asked.sender_nonce)));
  return store::seen_among(TRY(read_all(rows, store::read_answered<Row>)), asked);
}

Result<std::optional<store::SharedToken>> PostgresEngine::find_token(
    std::string_view identification) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindToken, values(identification))),
                  store::read_token<Row>);
}

Result<std::vector<store::SharedToken>> PostgresEngine::list_tokens() const {
  return read_all(TRY(impl_->readers.ask(queries::kListTokens)), store::read_token<Row>);
}

Result<std::vector<store::FailedToken>> PostgresEngine::failed_tokens(
    std::size_t least_failures) const {
  const auto least = static_cast<std::int64_t>(least_failures);
  return read_all(TRY(impl_->readers.ask(queries::kFailedTokens, values(least))),
                  store::read_failed<Row>);
}

Result<store::TokenHistory> PostgresEngine::token_history(ByteView token_id) const {
  const auto rows = TRY(impl_->readers.ask(queries::kTokenHistory, values(token_id)));
  const auto history = TRY(read_one(rows, store::read_history<Row>));
  return history.value_or(store::TokenHistory{});
}

/// In parts, since there may be a million, of one snapshot. What was taken cannot be taken back: a
/// connection that is lost in the middle is a fault.
Result<void> PostgresEngine::for_each_changed(
    std::uint32_t shard, std::uint64_t since,
    const std::function<void(const store::StatusEntry&)>& take) const {
  std::optional<Error> broken_off;
  bool taken = false;
  const auto walk = [&](Connection& connection) -> Result<void> {
    const Transaction snapshot(connection);
    TRY(connection.run(queries::kBeginReading));
    for (auto last = static_cast<std::int64_t>(since);;) {
      const auto rows =
          TRY(connection.run(queries::kChanged, values(std::int64_t{shard}, last, kEntriesAtOnce)));
      const auto entries = TRY(read_all(rows, store::read_status<Row>));
      for (const auto& entry : entries) take(entry);
      taken = taken || !entries.empty();
      if (entries.size() < static_cast<std::size_t>(kEntriesAtOnce)) return {};
      last = static_cast<std::int64_t>(entries.back().change);
    }
  };
  TRY(impl_->readers.ask([&](Connection& connection) -> Result<void> {
    const auto walked = walk(connection);
    if (walked.ok() || !taken) return walked;
    broken_off = walked.error();
    return {};
  }));
  if (broken_off) return *broken_off;
  return {};
}

Result<std::optional<store::CrlRecord>> PostgresEngine::find_crl(
    const store::CrlQuery& query) const {
  const auto before = query.before ? query.before->time_since_epoch().count() : kMostNumber;
  return read_one(
      TRY(impl_->readers.ask(
          queries::kFindCrl,
          values(std::int64_t{query.shard}, std::int64_t{query.kind == store::CrlKind::delta},
                 before, std::int64_t{query.parts == store::CrlParts::all}))),
      store::read_crl<Row>);
}

Result<std::optional<audit::JournalMark>> PostgresEngine::find_journal_mark(
    std::string_view journal) const {
  const auto asked = values(std::string_view(impl_->marks.node()), journal);
  return read_journal_mark(TRY(impl_->readers.ask(queries::kFindJournalMark, asked)), journal);
}

Result<PreciseTime> PostgresEngine::tell_time() const {
  const auto told = TRY(impl_->readers.ask(queries::kTellTime));
  if (told.size() != 1) return Error{Fault::storage_failed, "the database tells no time"};
  return PreciseTime(std::chrono::milliseconds(told[0].number(0)));
}

Result<std::uint32_t> PostgresEngine::crl_shards() const {
  const auto highest = TRY(impl_->readers.ask(queries::kHighestShard));
  return highest.size() == 0 ? 0 : static_cast<std::uint32_t>(highest[0].number(0)) + 1;
}

Result<std::optional<store::PendingChallenge>> PostgresEngine::find_challenge(ByteView id) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindChallenge, values(id))),
                  store::read_challenge<Row>);
}

Result<std::optional<store::PendingRequest>> PostgresEngine::find_pending(ByteView id) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindPending, values(id))),
                  store::read_pending<Row>);
}

Result<std::vector<store::PendingRequest>> PostgresEngine::list_pending(
    std::optional<store::PendingState> state, std::size_t most, ByteView after) const {
  Parameters parameters;
  if (!after.empty()) parameters.with(after);
  if (state) parameters.with(static_cast<std::int64_t>(*state));
  const auto& from_first = state ? queries::kListPendingOfState : queries::kListPending;
  const auto& from_there = state ? queries::kListPendingOfStateAfter : queries::kListPendingAfter;
  return read_all(TRY(impl_->readers.ask(after.empty() ? from_first : from_there,
                                         std::move(parameters.with(clamp(most))))),
                  store::read_pending<Row>);
}

Result<std::optional<store::AwaitedConfirmation>> PostgresEngine::find_awaited(
    const store::Integer& serial) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindAwaited, values(serial.octets))),
                  store::read_awaited<Row>);
}

Result<std::vector<store::AwaitedConfirmation>> PostgresEngine::awaited_in(
    ByteView requester_hash, ByteView transaction_id) const {
  if (transaction_id.empty()) return std::vector<store::AwaitedConfirmation>();
  return read_all(
      TRY(impl_->readers.ask(queries::kAwaitedIn, values(requester_hash, transaction_id))),
      store::read_awaited<Row>);
}

Result<std::vector<store::AwaitedConfirmation>> PostgresEngine::overdue(Time now,
                                                                        std::size_t most) const {
  return read_all(TRY(impl_->readers.ask(queries::kOverdue, values(now, clamp(most)))),
                  store::read_awaited<Row>);
}

Result<std::optional<store::RevocationSecret>> PostgresEngine::find_revocation_secret(
    const store::Integer& serial) const {
  const auto found = TRY(impl_->readers.ask(queries::kFindRevocationSecret, values(serial.octets)));
  std::optional<store::RevocationSecret> secret;
  if (found.size() > 0) secret = store::RevocationSecret{serial, std::string(found[0].text(0))};
  return secret;
}

}  // namespace signet::postgres
