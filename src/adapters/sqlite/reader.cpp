#include "adapters/sqlite/reader.h"

#include <algorithm>

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"
#include "store/engine_rules.h"

namespace signet::sqlite {
Result<std::unique_ptr<Reader>> Reader::open(const std::string& path) {
  auto connection = TRY(Connection::open(path, Connection::Use::read));
  std::unique_ptr<Reader> reader(new Reader(std::move(connection)));
  const auto prepare = [&](Statement& statement, std::string_view sql) -> Result<void> {
    statement = TRY(reader->connection_.prepare(sql));
    return {};
  };
  TRY(prepare(reader->by_serial_, queries::kFindBySerial));
  TRY(prepare(reader->by_subject_, queries::kFindBySubject));
  TRY(prepare(reader->some_by_subject_, queries::kFindSomeBySubject));
  TRY(prepare(reader->by_key_, queries::kFindByKey));
  TRY(prepare(reader->by_time_, queries::kFindByTime));
  TRY(prepare(reader->by_status_, queries::kFindByStatus));
  TRY(prepare(reader->without_nonce_, queries::kFindWithoutNonce));
  TRY(prepare(reader->with_nonce_, queries::kFindWithNonce));
  TRY(prepare(reader->token_, queries::kFindToken));
  TRY(prepare(reader->tokens_, queries::kListTokens));
  TRY(prepare(reader->token_history_, queries::kTokenHistory));
  TRY(prepare(reader->failed_tokens_, queries::kFailedTokens));
  TRY(prepare(reader->challenge_, queries::kFindChallenge));
  TRY(prepare(reader->open_challenges_, queries::kOpenChallenges));
  TRY(prepare(reader->changed_, queries::kChanged));
  TRY(prepare(reader->crl_, queries::kFindCrl));
  TRY(prepare(reader->highest_shard_, queries::kHighestShard));
  TRY(prepare(reader->journal_mark_, queries::kFindJournalMark));
  TRY(reader->life_.prepare(reader->connection_));
  TRY(reader->profiles_.prepare(reader->connection_));
  TRY(reader->outbox_.prepare(reader->connection_));
  return reader;
}

Result<std::optional<store::CertificateRecord>> Reader::find_certificate(
    const store::Integer& serial) {
  Run run(by_serial_);
  return read_one(run.with(serial.octets), store::read_certificate<Run>);
}

Result<std::optional<audit::JournalMark>> Reader::find_journal_mark(std::string_view journal) {
  Run run(journal_mark_);
  if (!TRY(run.with(journal).next_row())) return std::optional<audit::JournalMark>();
  return std::optional(audit::JournalMark{
      std::string(journal), static_cast<std::uint64_t>(run.number(0)), to_bytes(run.octets(1))});
}

Result<std::vector<store::CertificateRecord>> Reader::find_by_subject(ByteView subject_der) {
  const auto mark = store::subject_mark(subject_der);
  Run run(by_subject_);
  return read_all(run.with(mark).with(subject_der), store::read_certificate<Run>);
}

Result<std::vector<store::CertificateRecord>> Reader::find_some_by_subject(ByteView subject_der,
                                                                           std::size_t most) {
  const auto mark = store::subject_mark(subject_der);
  Run run(some_by_subject_);
  return read_all(run.with(mark).with(subject_der).with(clamp(most)), store::read_certificate<Run>);
}

Result<std::vector<store::CertificateRecord>> Reader::find_by_key(ByteView key_hash) {
  Run run(by_key_);
  auto records = TRY(read_all(run.with(key_hash), store::read_certificate<Run>));
  std::stable_sort(records.begin(), records.end(), [](const auto& one, const auto& other) {
    return one.issued_at > other.issued_at;
  });
  return records;
}

Result<std::vector<store::CertificateRecord>> Reader::find_certificates(
    const store::CertificateStore::Query& query) {
  Run run(query.status ? by_status_ : by_time_);
  if (query.status) run.with(to_number(*query.status));
  run.with(to_number(query.issued_from.value_or(Time::min())));
  run.with(to_number(query.issued_to.value_or(Time::max())));
  return read_all(run.with(clamp(query.most)), store::read_certificate<Run>);
}

Result<store::Seen> Reader::seen_before(const store::AnsweredRequest& asked) {
  const auto& nonce = asked.sender_nonce;
  const auto& digest = asked.request_digest;
  Run run(nonce.empty() ? without_nonce_ : with_nonce_);
  nonce.empty() ? run.with(digest).with(digest_mark(digest))
                : run.with(nonce).with(asked.requester_hash);
  return store::seen_among(TRY(read_all(run, store::read_answered<Run>)), asked);
}

Result<std::optional<store::SharedToken>> Reader::find_token(std::string_view identification) {
  Run run(token_);
  return read_one(run.with(identification), store::read_token<Run>);
}

Result<std::vector<store::SharedToken>> Reader::list_tokens() {
  Run run(tokens_);
  return read_all(run, store::read_token<Run>);
}

Result<store::TokenHistory> Reader::token_history(ByteView token_id) {
  Run run(token_history_);
  return TRY(read_one(run.with(token_id), store::read_history<Run>))
      .value_or(store::TokenHistory{});
}

Result<std::vector<store::FailedToken>> Reader::failed_tokens(std::size_t least_failures) {
  Run run(failed_tokens_);
  return read_all(run.with(static_cast<std::int64_t>(least_failures)), store::read_failed<Run>);
}

Result<std::optional<store::PendingChallenge>> Reader::find_challenge(ByteView id) {
  Run run(challenge_);
  return read_one(run.with(id), store::read_challenge<Run>);
}

Result<std::vector<store::PendingChallenge>> Reader::open_challenges(ByteView requester_hash,
                                                                     ByteView transaction_id,
                                                                     std::size_t most) {
  Run run(open_challenges_);
  run.with(requester_hash).with(transaction_id).with(clamp(most));
  return read_all(run, store::read_challenge<Run>);
}

Result<void> Reader::for_each_changed(std::uint32_t shard, std::uint64_t since,
                                      const std::function<void(const store::StatusEntry&)>& take) {
  Run run(changed_);
  run.with(std::int64_t{shard}).with(static_cast<std::int64_t>(since));
  while (TRY(run.next_row())) take(TRY(store::read_status(run)));
  return {};
}

Result<std::optional<store::CrlRecord>> Reader::find_crl(const store::CrlQuery& query) {
  Run run(crl_);
  run.with(std::int64_t{query.shard})
      .with(std::int64_t{query.kind == store::CrlKind::delta})
      .with(query.before ? to_number(*query.before) : kMostNumber)
      .with(std::int64_t{query.parts == store::CrlParts::all});
  return read_one(run, store::read_crl<Run>);
}

Result<std::uint32_t> Reader::crl_shards() {
  Run run(highest_shard_);
  const bool any = TRY(run.next_row()) && !run.is_null(0);
  return any ? static_cast<std::uint32_t>(run.number(0)) + 1 : 0;
}

Result<std::unique_ptr<Reader>> ReaderPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!at_rest_.empty()) {
      auto reader = std::move(at_rest_.back());
      at_rest_.pop_back();
      return reader;
    }
  }
  return Reader::open(path_);
}

void ReaderPool::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  at_rest_.push_back(std::move(reader));
}

}  // namespace signet::sqlite
