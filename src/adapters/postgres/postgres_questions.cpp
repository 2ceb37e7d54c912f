#include <algorithm>
#include <limits>

#include "adapters/postgres/life_queries.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/postgres/postgres_engine_parts.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/rows.h"
#include "store/engine_rules.h"

/// What the engine only asks.
namespace signet::postgres {
namespace {

using store::CertificateRecord;

constexpr auto kMostNumber = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kEntriesAtOnce = 5000;

std::int64_t clamp(std::size_t count) {
  return static_cast<std::int64_t>(std::min<std::size_t>(count, kMostNumber));
}

}  // namespace

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

Result<std::optional<store::PublicationChoice>> PostgresEngine::find_publication_choice(
    const store::Integer& serial) const {
  return read_one(TRY(impl_->readers.ask(queries::kFindPublicationChoice, values(serial.octets))),
                  [&](const Row& row) -> Result<store::PublicationChoice> {
                    return store::PublicationChoice{serial, row.number(0) != 0};
                  });
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

Result<std::vector<store::PendingChallenge>> PostgresEngine::open_challenges(
    ByteView requester_hash, ByteView transaction_id, std::size_t most) const {
  return read_all(TRY(impl_->readers.ask(queries::kOpenChallenges,
                                         values(requester_hash, transaction_id, clamp(most)))),
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

Result<std::size_t> PostgresEngine::count_waiting(ByteView requester_hash, Time now,
                                                  std::size_t most) const {
  const auto counted =
      TRY(impl_->readers.ask(queries::kCountWaiting, values(requester_hash, now, clamp(most))));
  if (counted.size() != 1) return Error{Fault::storage_failed, "the database counts nothing"};
  return static_cast<std::size_t>(counted[0].number(0));
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
