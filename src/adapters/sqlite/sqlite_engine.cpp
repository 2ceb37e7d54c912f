#include "adapters/sqlite/sqlite_engine.h"

#include <algorithm>
#include <mutex>

#include "adapters/sqlite/reader.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/writer.h"
#include "store/batch_journal.h"

namespace signet::sqlite {
namespace {

using store::CertificateRecord;
using store::CommitOutcome;
using Batch = std::span<const store::Commit* const>;

}  // namespace

struct SqliteEngine::Impl {
  Impl(const std::string& path, std::unique_ptr<Writer> with_writer)
      : writer(std::move(with_writer)), readers(path) {}

  Result<std::vector<CommitOutcome>> write(Batch batch, audit::Journal& journal);
  [[nodiscard]] Result<void> keep_mark(Batch batch, const audit::Journal& journal);
  [[nodiscard]] Result<void> keep_last_mark();
  [[nodiscard]] Error take_back(store::BatchJournal& events, const Error& why);
  [[nodiscard]] Error take_back(Error why);
  /// Of what has a transaction of its own.
  template <typename T>
  Result<T> kept_or_taken_back(Result<T> done) {
    if (done.ok()) return done;
    return take_back(std::move(done).error());
  }

  std::mutex writing;
  std::unique_ptr<Writer> writer;  ///< none in an engine that only reads: it is const
  ReaderPool readers;
  std::optional<audit::JournalMark> last_mark;  ///< of the journal that was last told
};

SqliteEngine::SqliteEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteEngine::~SqliteEngine() {
  static_cast<void>(impl_->keep_last_mark());
}

Result<std::unique_ptr<SqliteEngine>> SqliteEngine::open(const std::string& path) {
  auto writer = TRY(Writer::open(path));
  return std::unique_ptr<SqliteEngine>(
      new SqliteEngine(std::make_unique<Impl>(path, std::move(writer))));
}

Result<std::unique_ptr<const SqliteEngine>> SqliteEngine::open_to_read(const std::string& path) {
  auto connection = TRY(Connection::open(path, Connection::Use::read));
  TRY(demand_newest(connection));
  return std::unique_ptr<const SqliteEngine>(
      new SqliteEngine(std::make_unique<Impl>(path, nullptr)));
}

std::vector<CommitOutcome> SqliteEngine::apply(Batch batch, audit::Journal& journal) {
  const std::lock_guard lock(impl_->writing);
  auto outcomes = impl_->write(batch, journal);
  if (!outcomes) return {batch.size(), CommitOutcome::failure(outcomes.error())};
  return *std::move(outcomes);
}

/// One transaction for all; an Error means that nothing of the batch was kept.
Result<std::vector<CommitOutcome>> SqliteEngine::Impl::write(Batch batch, audit::Journal& journal) {
  auto transaction = TRY(Transaction::begin(writer->connection()));
  std::vector<CommitOutcome> outcomes(batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    outcomes[at].conflict = TRY(writer->add(*batch[at]));
  }
  store::BatchJournal events(journal);
  TRY(events.append(batch, outcomes));
  auto kept = keep_mark(batch, journal);
  if (kept.ok()) kept = transaction.commit();
  if (!kept.ok()) return take_back(events, kept.error());
  return outcomes;
}

Error SqliteEngine::Impl::take_back(store::BatchJournal& events, const Error& why) {
  auto told = take_back(why);
  static_cast<void>(told.fault == Fault::in_doubt ? events.doubt(why) : events.abandon(why));
  return told;
}

/// What a commit wrote that could not be synced stays in the log, and whoever opened the store anew
/// would find it there, unless something else is written over it.
Error SqliteEngine::Impl::take_back(Error why) {
  if (!writer->connection().may_have_written() || writer->write_over().ok()) return why;
  return {Fault::in_doubt, why.detail +
                               "; nobody knows whether it is kept: send or do the same again once "
                               "the disk is mended"};
}

/// Events alone go on record whatever becomes of the store: for them it writes nothing. A page more
/// for each batch would cost some percent: one for each time that the log was carried over does
/// not.
Result<void> SqliteEngine::Impl::keep_mark(Batch batch, const audit::Journal& journal) {
  const bool is_written = std::any_of(batch.begin(), batch.end(), [](const store::Commit* commit) {
    return !store::holds_only_events(*commit);
  });
  last_mark = journal.mark();
  const bool is_due = is_written && last_mark && writer->connection().pages_in_log() == 0;
  return is_due ? writer->keep(*last_mark) : Result<void>();
}

/// In order: then the store knows the journal to its last record. What cannot be kept was not kept
/// before either.
Result<void> SqliteEngine::Impl::keep_last_mark() {
  if (!writer || !last_mark) return {};
  auto transaction = TRY(Transaction::begin(writer->connection()));
  TRY(writer->keep(*last_mark));
  return transaction.commit();
}

void SqliteEngine::tidy() {
  const std::lock_guard lock(impl_->writing);
  impl_->writer->tidy();
}

Result<void> SqliteEngine::add_token(const store::SharedToken& token) {
  const std::lock_guard lock(impl_->writing);
  return impl_->kept_or_taken_back(impl_->writer->add_token(token));
}

Result<void> SqliteEngine::revoke_token(ByteView id) {
  const std::lock_guard lock(impl_->writing);
  return impl_->kept_or_taken_back(impl_->writer->revoke_token(id));
}

Result<void> SqliteEngine::forget_failures(ByteView token_id) {
  const std::lock_guard lock(impl_->writing);
  return impl_->kept_or_taken_back(impl_->writer->forget_failures(token_id));
}

Result<std::optional<CertificateRecord>> SqliteEngine::find_certificate(
    const store::Integer& serial) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_certificate(serial); });
}

Result<std::vector<CertificateRecord>> SqliteEngine::find_by_subject(ByteView subject_der) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_by_subject(subject_der); });
}

Result<std::vector<CertificateRecord>> SqliteEngine::find_some_by_subject(ByteView subject_der,
                                                                          std::size_t most) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.find_some_by_subject(subject_der, most); });
}

Result<std::vector<CertificateRecord>> SqliteEngine::find_by_key(ByteView key_hash) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_by_key(key_hash); });
}

Result<std::vector<CertificateRecord>> SqliteEngine::find_certificates(const Query& query) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_certificates(query); });
}

Result<store::Seen> SqliteEngine::seen_before(const store::AnsweredRequest& asked) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.seen_before(asked); });
}

Result<std::optional<store::SharedToken>> SqliteEngine::find_token(
    std::string_view identification) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_token(identification); });
}

Result<std::vector<store::SharedToken>> SqliteEngine::list_tokens() const {
  return impl_->readers.ask([](Reader& reader) { return reader.list_tokens(); });
}

Result<std::vector<store::FailedToken>> SqliteEngine::failed_tokens(
    std::size_t least_failures) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.failed_tokens(least_failures); });
}

Result<store::TokenHistory> SqliteEngine::token_history(ByteView token_id) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.token_history(token_id); });
}

Result<void> SqliteEngine::for_each_changed(
    std::uint32_t shard, std::uint64_t since,
    const std::function<void(const store::StatusEntry&)>& take) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.for_each_changed(shard, since, take); });
}

Result<std::optional<store::CrlRecord>> SqliteEngine::find_crl(const store::CrlQuery& query) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_crl(query); });
}

Result<std::optional<audit::JournalMark>> SqliteEngine::find_journal_mark(
    std::string_view journal) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_journal_mark(journal); });
}

Result<std::uint32_t> SqliteEngine::crl_shards() const {
  return impl_->readers.ask([](Reader& reader) { return reader.crl_shards(); });
}

Result<std::optional<store::PendingChallenge>> SqliteEngine::find_challenge(ByteView id) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.find_challenge(id); });
}

Result<std::vector<store::PendingChallenge>> SqliteEngine::open_challenges(ByteView requester_hash,
                                                                           ByteView transaction_id,
                                                                           std::size_t most) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.open_challenges(requester_hash, transaction_id, most); });
}

Result<void> SqliteEngine::put_revocation_secret(const store::RevocationSecret& secret) {
  const std::lock_guard lock(impl_->writing);
  return impl_->kept_or_taken_back(impl_->writer->put_revocation_secret(secret));
}

Result<std::uint64_t> SqliteEngine::publish_profiles(const std::vector<store::ProfileFile>& files,
                                                     std::uint64_t seen, Time at) {
  const std::lock_guard lock(impl_->writing);
  return impl_->kept_or_taken_back(impl_->writer->publish_profiles(files, seen, at));
}

Result<std::optional<store::ProfileEdition>> SqliteEngine::find_profiles(
    std::uint64_t after) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.profiles().find_profiles(after); });
}

Result<std::vector<store::OutboxEntry>> SqliteEngine::in_outbox(store::OutboxLine line,
                                                                std::size_t most) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.outbox().first(line, most); });
}

Result<std::optional<store::PublicationChoice>> SqliteEngine::find_publication_choice(
    const store::Integer& serial) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.outbox().find_choice(serial); });
}

// What is written here and below, and could not be synced, may come back: then nothing more is told
// to a directory than it was told, and a lease ends by itself.
Result<void> SqliteEngine::take_from_outbox(std::span<const std::uint64_t> numbers) {
  const std::lock_guard lock(impl_->writing);
  return impl_->writer->take_from_outbox(numbers);
}

Result<std::optional<store::Lease>> SqliteEngine::take_lease(std::string_view name,
                                                             std::string_view holder,
                                                             std::chrono::milliseconds duration) {
  const std::lock_guard lock(impl_->writing);
  return impl_->writer->take_lease(name, holder, duration);
}

Result<void> SqliteEngine::give_lease_back(std::string_view name, std::string_view holder) {
  const std::lock_guard lock(impl_->writing);
  return impl_->writer->give_lease_back(name, holder);
}

Result<std::optional<store::PendingRequest>> SqliteEngine::find_pending(ByteView id) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.life().find_pending(id); });
}

Result<std::vector<store::PendingRequest>> SqliteEngine::list_pending(
    std::optional<store::PendingState> state, std::size_t most, ByteView after) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.life().list_pending(state, most, after); });
}

Result<std::size_t> SqliteEngine::count_waiting(ByteView requester_hash, Time now,
                                                std::size_t most) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.life().count_waiting(requester_hash, now, most); });
}

Result<std::optional<store::AwaitedConfirmation>> SqliteEngine::find_awaited(
    const store::Integer& serial) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.life().find_awaited(serial); });
}

Result<std::vector<store::AwaitedConfirmation>> SqliteEngine::awaited_in(
    ByteView requester_hash, ByteView transaction_id) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.life().awaited_in(requester_hash, transaction_id); });
}

Result<std::vector<store::AwaitedConfirmation>> SqliteEngine::overdue(Time now,
                                                                      std::size_t most) const {
  return impl_->readers.ask([&](Reader& reader) { return reader.life().overdue(now, most); });
}

Result<std::optional<store::RevocationSecret>> SqliteEngine::find_revocation_secret(
    const store::Integer& serial) const {
  return impl_->readers.ask(
      [&](Reader& reader) { return reader.life().find_revocation_secret(serial); });
}

}  // namespace signet::sqlite
