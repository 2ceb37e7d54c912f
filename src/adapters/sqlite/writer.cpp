#include "adapters/sqlite/writer.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/schema.h"
#include "store/engine_rules.h"

namespace signet::sqlite {
namespace {

using store::Conflict;

// The log is carried over into the file once it has half a MiB, when those whose commits it holds
// are told: pages that several batches touch are carried once, and whoever asks meanwhile does not
// wait long. Where nobody tidies, the commit that makes it 8 MiB carries it over.
constexpr int kPagesToCarry = 128;
constexpr int kMostPages = 2048;

// The cache holds the inner pages of the indexes of a large store.
constexpr std::string_view kSettings = "PRAGMA cache_size = -65536";

Result<void> check_is_wal(Connection& connection) {
  const auto mode = TRY(connection.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode"));
  if (mode == 1) return {};
  return Error{Fault::storage_failed,
               "the store's file system has no shared memory for SQLite's write-ahead log: put "
               "the store on a local disk"};
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const std::string& path) {
  // A migration may touch more pages than there is memory for.
  auto migrating = TRY(Connection::open(path, Connection::Use::write));
  TRY(migrating.execute("PRAGMA journal_mode = WAL"));
  TRY(check_is_wal(migrating));
  TRY(migrate(migrating));
  auto connection = TRY(Connection::open(path, Connection::Use::gather));
  TRY(connection.execute(std::string(kSettings)));
  connection.limit_log(kMostPages);
  std::unique_ptr<Writer> writer(new Writer(std::move(connection)));
  TRY(writer->prepare());
  return writer;
}

Result<void> Writer::prepare() {
  certificate_exists_ = TRY(connection_.prepare(queries::kCertificateExists));
  who_has_serial_ = TRY(connection_.prepare(queries::kWhoHasSerial));
  count_by_key_ = TRY(connection_.prepare(queries::kCountByKey));
  count_by_subject_ = TRY(connection_.prepare(queries::kCountBySubject));
  digest_of_nonce_ = TRY(connection_.prepare(queries::kDigestOfNonce));
  request_answered_ = TRY(connection_.prepare(queries::kRequestAnswered));
  add_certificate_ = TRY(connection_.prepare(queries::kAddCertificate));
  add_answered_ = TRY(connection_.prepare(queries::kAddAnswered));
  add_intent_ = TRY(connection_.prepare(queries::kAddIntent));
  change_status_ = TRY(connection_.prepare(queries::kChangeStatus));
  token_revoked_ = TRY(connection_.prepare(queries::kTokenRevoked));
  token_history_ = TRY(connection_.prepare(queries::kTokenHistory));
  count_token_use_ = TRY(connection_.prepare(queries::kCountTokenUse));
  count_token_failure_ = TRY(connection_.prepare(queries::kCountTokenFailure));
  token_taken_ = TRY(connection_.prepare(queries::kTokenTaken));
  add_token_ = TRY(connection_.prepare(queries::kAddToken));
  revoke_token_ = TRY(connection_.prepare(queries::kRevokeToken));
  forget_failures_ = TRY(connection_.prepare(queries::kForgetFailures));
  find_challenge_ = TRY(connection_.prepare(queries::kFindChallenge));
  add_challenge_ = TRY(connection_.prepare(queries::kAddChallenge));
  change_challenge_ = TRY(connection_.prepare(queries::kChangeChallenge));
  forget_challenges_ = TRY(connection_.prepare(queries::kForgetChallenges));
  has_status_ = TRY(connection_.prepare(queries::kHasStatus));
  latest_crl_number_ = TRY(connection_.prepare(queries::kLatestCrlNumber));
  add_crl_ = TRY(connection_.prepare(queries::kAddCrl));
  forget_crls_ = TRY(connection_.prepare(queries::kForgetCrls));
  take_lease_ = TRY(connection_.prepare(queries::kTakeLease));
  give_lease_back_ = TRY(connection_.prepare(queries::kGiveLeaseBack));
  keep_journal_mark_ = TRY(connection_.prepare(queries::kKeepJournalMark));
  TRY(life_.prepare(connection_));
  TRY(outbox_.prepare(connection_));
  return profiles_.prepare(connection_);
}

void Writer::tidy() {
  if (connection_.pages_in_log() >= kPagesToCarry) connection_.carry_log_over();
}

Result<void> Writer::write_over() {
  auto transaction = TRY(Transaction::begin(connection_));
  const auto version = TRY(connection_.number("PRAGMA user_version"));
  TRY(connection_.execute("PRAGMA user_version = " + std::to_string(version)));
  return transaction.commit();
}

Result<std::optional<Conflict>> Writer::add(const store::Commit& commit) {
  if (const auto found = TRY(conflict(commit))) return found;
  for (const auto& intent : commit.intents) TRY(add_intent(add_intent_, intent));
  for (const auto& certificate : commit.certificates) {
    TRY(add_certificate(add_certificate_, certificate));
  }
  if (commit.answered) TRY(add_answered(add_answered_, *commit.answered));
  if (commit.token_use) TRY(Run(count_token_use_).with(commit.token_use->token_id).finish());
  if (commit.token_failure) {
    TRY(Run(count_token_failure_)
            .with(commit.token_failure->token_id)
            .with(to_number(commit.token_failure->at))
            .with(std::string_view(commit.token_failure->identification))
            .finish());
  }
  if (commit.challenge) TRY(add(*commit.challenge));
  if (commit.challenge_change) TRY(apply(*commit.challenge_change));
  for (const auto& change : commit.status_changes) TRY(apply(change));
  if (commit.crl) TRY(add(*commit.crl));
  TRY(life_.add(commit));
  TRY(outbox_.add(commit));
  return std::optional<Conflict>();
}

Result<void> Writer::keep(const audit::JournalMark& mark) {
  return Run(keep_journal_mark_)
      .with(std::string_view(mark.journal))
      .with(static_cast<std::int64_t>(mark.sequence))
      .with(mark.hash)
      .finish();
}

// The order of these checks decides which conflict is told when there are several.
Result<std::optional<Conflict>> Writer::conflict(const store::Commit& commit) {
  if (commit.answered) {
    if (const auto found = TRY(conflict(*commit.answered))) return found;
  }
  if (TRY(serial_taken(commit))) return std::optional(Conflict::serial_taken);
  for (const auto& key : commit.keys) {
    if (!TRY(still_known(key))) return std::optional(Conflict::key_taken);
  }
  for (const auto& subject : commit.subjects) {
    if (!TRY(still_known(subject))) return std::optional(Conflict::subject_taken);
  }
  if (commit.token_use && !TRY(may_be_used(*commit.token_use))) {
    return std::optional(Conflict::token_used);
  }
  if (commit.challenge_change && !TRY(may_change(*commit.challenge_change))) {
    return std::optional(Conflict::challenge_closed);
  }
  for (const auto& change : commit.status_changes) {
    if (!TRY(may_change(change))) return std::optional(Conflict::status_changed);
  }
  if (commit.crl && !TRY(follows_latest(*commit.crl))) {
    return std::optional(Conflict::crl_number_taken);
  }
  return life_.conflict(commit);
}

Result<std::optional<Conflict>> Writer::conflict(const store::AnsweredRequest& request) {
  const auto& digest = request.request_digest;
  if (request.sender_nonce.empty()) {
    const bool answered =
        TRY(Run(request_answered_).with(digest).with(digest_mark(digest)).next_row());
    return answered ? std::optional(Conflict::answered_before) : std::nullopt;
  }
  Run run(digest_of_nonce_);
  if (!TRY(run.with(request.sender_nonce).with(request.requester_hash).next_row())) {
    return std::optional<Conflict>();
  }
  return std::optional(equal(run.octets(0), digest) ? Conflict::answered_before
                                                    : Conflict::nonce_seen);
}

Result<bool> Writer::serial_taken(const store::Commit& commit) {
  if (store::repeats_serial(commit)) return true;
  for (const auto& intent : commit.intents) {
    if (TRY(serial_taken(intent))) return true;
  }
  for (const auto& certificate : commit.certificates) {
    if (TRY(serial_taken(certificate))) return true;
  }
  return false;
}

Result<bool> Writer::exists(const store::Integer& serial) {
  return Run(certificate_exists_).with(serial.octets).next_row();
}

Result<bool> Writer::serial_taken(const store::IssuanceIntent& intent) {
  Run run(who_has_serial_);
  TRY(run.with(intent.serial_number.octets).next_row());
  return run.number(0) != 0 || !run.is_null(1);
}

Result<bool> Writer::serial_taken(const store::CertificateRecord& certificate) {
  Run run(who_has_serial_);
  TRY(run.with(certificate.serial_number.octets).next_row());
  if (run.number(0) != 0) return true;
  return !run.is_null(1) && !store::made_as_intended(certificate, run.octets(1));
}

Result<bool> Writer::still_known(const store::KeyCondition& key) {
  Run run(count_by_key_);
  TRY(run.with(key.key_hash).next_row());
  return static_cast<std::size_t>(run.number(0)) == key.known_certificates;
}

Result<bool> Writer::still_known(const store::SubjectCondition& subject) {
  const auto mark = store::subject_mark(subject.subject_der);
  Run run(count_by_subject_);
  TRY(run.with(mark).with(subject.subject_der).next_row());
  return static_cast<std::size_t>(run.number(0)) == subject.known_certificates;
}

Result<bool> Writer::may_be_used(const store::TokenUse& use) {
  if (TRY(Run(token_revoked_).with(use.token_id).next_row())) return false;
  Run run(token_history_);
  const auto history = TRY(read_one(run.with(use.token_id), store::read_history<Run>));
  return store::within_limit(use, history.value_or(store::TokenHistory{}));
}

Result<std::optional<store::PendingChallenge>> Writer::find_challenge(ByteView id) {
  Run run(find_challenge_);
  return read_one(run.with(id), store::read_challenge<Run>);
}

Result<bool> Writer::may_change(const store::ChallengeChange& change) {
  auto challenge = TRY(find_challenge(change.id));
  if (!challenge) return change.event != store::ChallengeEvent::answered;
  return store::change_challenge(*challenge, change);
}

Result<void> Writer::add(const store::PendingChallenge& challenge) {
  TRY(Run(forget_challenges_)
          .with(to_number(challenge.created_at - store::kChallengeKept))
          .finish());
  return add_challenge(add_challenge_, challenge);
}

Result<void> Writer::apply(const store::ChallengeChange& change) {
  auto challenge = TRY(find_challenge(change.id));
  if (!challenge) return {};
  store::change_challenge(*challenge, change);
  return Run(change_challenge_)
      .with(static_cast<std::int64_t>(challenge->state))
      .with(static_cast<std::int64_t>(challenge->wrong_answers))
      .with(change.id)
      .finish();
}

Result<bool> Writer::may_change(const store::StatusChange& change) {
  return Run(has_status_).with(change.serial_number.octets).with(to_number(change.from)).next_row();
}

Result<void> Writer::apply(const store::StatusChange& change) {
  store::CertificateRecord record;
  store::set_status(record, change);
  const auto with_time = [](Run& run, const std::optional<Time>& time) {
    time ? run.with(to_number(*time)) : run.with_null();
  };
  Run run(change_status_);
  run.with(to_number(record.status));
  with_time(run, record.revoked_at);
  run.with(static_cast<std::int64_t>(record.revocation_reason));
  with_time(run, record.invalidity_date);
  return run.with(change.serial_number.octets).finish();
}

Result<bool> Writer::follows_latest(const store::CrlRecord& crl) {
  Run run(latest_crl_number_);
  std::optional<std::uint64_t> latest;
  if (TRY(run.with(std::int64_t{crl.shard}).next_row())) {
    latest = static_cast<std::uint64_t>(run.number(0));
  }
  return store::follows(crl, latest);
}

Result<void> Writer::add(const store::CrlRecord& crl) {
  TRY(Run(forget_crls_)
          .with(std::int64_t{crl.shard})
          .with(std::int64_t{crl.base_number.has_value()})
          .with(static_cast<std::int64_t>(store::kCrlsKept - 1))
          .finish());
  return add_crl(add_crl_, crl);
}

Result<void> Writer::add_token(const store::SharedToken& token) {
  auto transaction = TRY(Transaction::begin(connection_));
  const std::string_view identification = token.identification;
  if (TRY(Run(token_taken_).with(token.id).with(identification).next_row())) {
    return store::token_exists(identification);
  }
  TRY(sqlite::add_token(add_token_, token));
  return transaction.commit();
}

Result<void> Writer::revoke_token(ByteView id) {
  auto transaction = TRY(Transaction::begin(connection_));
  TRY(Run(revoke_token_).with(id).finish());
  if (connection_.changes() == 0) return store::token_not_found();
  return transaction.commit();
}

Result<void> Writer::forget_failures(ByteView token_id) {
  auto transaction = TRY(Transaction::begin(connection_));
  TRY(Run(forget_failures_).with(token_id).finish());
  if (connection_.changes() == 0) return store::no_failures();
  return transaction.commit();
}

Result<void> Writer::put_revocation_secret(const store::RevocationSecret& secret) {
  auto transaction = TRY(Transaction::begin(connection_));
  if (!TRY(exists(secret.serial_number))) return store::certificate_not_found(secret.serial_number);
  TRY(life_.put(secret));
  return transaction.commit();
}

Result<std::optional<store::Lease>> Writer::take_lease(std::string_view name,
                                                       std::string_view holder,
                                                       std::chrono::milliseconds duration) {
  Run run(take_lease_);
  run.with(name).with(holder).with(std::int64_t{duration.count()});
  std::optional<store::Lease> lease;
  if (!TRY(run.next_row())) return lease;
  lease = store::Lease{static_cast<std::uint64_t>(run.number(0))};
  TRY(run.finish());
  return lease;
}

Result<void> Writer::give_lease_back(std::string_view name, std::string_view holder) {
  return Run(give_lease_back_).with(name).with(holder).finish();
}

}  // namespace signet::sqlite
