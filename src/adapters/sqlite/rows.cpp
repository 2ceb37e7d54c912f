#include "adapters/sqlite/rows.h"

#include <algorithm>

#include "codec/asn1/writer.h"
#include "crypto/digest.h"

namespace signet::sqlite {
namespace {

constexpr std::size_t kMarkOctets = 8;  // as the schema's substr(…, 1, 8)

Result<store::CertificateStatus> to_status(std::int64_t number) {
  const auto revoked = to_number(store::CertificateStatus::revoked);
  if (number < 0 || number > revoked) return damaged("a certificate status");
  return static_cast<store::CertificateStatus>(number);
}

constexpr std::int64_t kLastReason = 10;  // aACompromise, RFC 5280 §5.3.1

Result<int> to_reason(std::int64_t number) {
  if (number < 0 || number > kLastReason) return damaged("a reason of revocation");
  return static_cast<int>(number);
}

}  // namespace

Time to_time(std::int64_t number) {
  return Time(std::chrono::seconds(number));
}

Error damaged(std::string_view what) {
  return {Fault::storage_failed, "the store holds " + std::string(what) +
                                     " that no Signet wrote: keep the file, and restore it from a "
                                     "backup"};
}

Bytes write_serial_numbers(const std::vector<store::Integer>& serial_numbers) {
  asn1::Writer writer;
  writer.sequence([&] {
    for (const auto& serial_number : serial_numbers) writer.integer(serial_number);
  });
  return std::move(writer).take();
}

Result<std::vector<store::Integer>> read_serial_numbers(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{der, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  std::vector<store::Integer> serial_numbers;
  while (!sequence.at_end()) serial_numbers.push_back(TRY(sequence.read_integer()));
  return serial_numbers;
}

std::int64_t to_number(Time time) {
  return time.time_since_epoch().count();
}
std::int64_t to_number(store::CertificateStatus status) {
  return static_cast<std::int64_t>(status);
}
std::int64_t to_number(store::PendingState state) {
  return static_cast<std::int64_t>(state);
}

std::int64_t clamp(std::size_t count) {
  return static_cast<std::int64_t>(std::min<std::size_t>(count, kMostNumber));
}

ByteView digest_mark(ByteView request_digest) {
  return request_digest.first(kMarkOctets);
}

Bytes subject_mark(ByteView subject_der) {
  auto mark = crypto::sha256(subject_der);
  mark.resize(kMarkOctets);
  return mark;
}

Result<void> add_certificate(const Statement& add, const store::CertificateRecord& record) {
  const auto mark = subject_mark(record.subject_der);
  Run run(add);
  run.with(record.serial_number.octets)
      .with(to_number(record.status))
      .with(to_number(record.issued_at))
      .with(to_number(record.not_before))
      .with(to_number(record.not_after));
  record.revoked_at ? run.with(to_number(*record.revoked_at)) : run.with_null();
  run.with(std::int64_t{record.revocation_reason})
      .with(record.key_hash)
      .with(mark)
      .with(record.subject_der)
      .with(std::string_view(record.profile_id))
      .with(std::string_view(record.requester))
      .with(record.certificate_der)
      .with(std::int64_t{record.crl_shard});
  record.invalidity_date ? run.with(to_number(*record.invalidity_date)) : run.with_null();
  return run.finish();
}

Result<void> add_answered(const Statement& add, const store::AnsweredRequest& request) {
  const auto serial_numbers = write_serial_numbers(request.serial_numbers);
  return Run(add)
      .with(request.request_digest)
      .with(request.requester_hash)
      .with(request.sender_nonce)
      .with(request.transaction_id)
      .with(serial_numbers)
      .with(to_number(request.received_at))
      .with(request.challenge_id)
      .with(request.pending_id)
      .finish();
}

Result<void> add_intent(const Statement& add, const store::IssuanceIntent& intent) {
  return Run(add)
      .with(intent.serial_number.octets)
      .with(intent.tbs_digest)
      .with(std::string_view(intent.profile_id))
      .with(to_number(intent.at))
      .finish();
}

Result<store::CertificateRecord> read_certificate_row(const Run& run) {
  store::CertificateRecord record;
  record.serial_number.octets = to_bytes(run.octets(0));
  if (record.serial_number.octets.empty()) return damaged("an empty serial number");
  record.status = TRY(to_status(run.number(1)));
  record.issued_at = to_time(run.number(2));
  record.not_before = to_time(run.number(3));
  record.not_after = to_time(run.number(4));
  if (!run.is_null(5)) record.revoked_at = to_time(run.number(5));
  record.revocation_reason = TRY(to_reason(run.number(6)));
  record.key_hash = to_bytes(run.octets(7));
  record.subject_der = to_bytes(run.octets(8));
  record.profile_id = run.text(9);
  record.requester = run.text(10);
  record.certificate_der = to_bytes(run.octets(11));
  if (!run.is_null(12)) record.invalidity_date = to_time(run.number(12));
  record.crl_shard = static_cast<std::uint32_t>(run.number(13));
  return record;
}

Result<store::AnsweredRequest> read_answered_row(const Run& run) {
  auto serial_numbers = read_serial_numbers(run.octets(4));
  if (!serial_numbers) return damaged("serial numbers");
  return store::AnsweredRequest{.request_digest = to_bytes(run.octets(0)),
                                .requester_hash = to_bytes(run.octets(1)),
                                .sender_nonce = to_bytes(run.octets(2)),
                                .transaction_id = to_bytes(run.octets(3)),
                                .serial_numbers = *std::move(serial_numbers),
                                .received_at = to_time(run.number(5)),
                                .challenge_id = to_bytes(run.octets(6)),
                                .pending_id = to_bytes(run.octets(7))};
}

Result<store::StatusEntry> read_status_row(const Run& run) {
  store::StatusEntry entry;
  entry.serial_number.octets = to_bytes(run.octets(0));
  entry.status = TRY(to_status(run.number(1)));
  if (!run.is_null(2)) entry.revoked_at = to_time(run.number(2));
  entry.reason = TRY(to_reason(run.number(3)));
  if (!run.is_null(4)) entry.invalidity_date = to_time(run.number(4));
  entry.not_after = to_time(run.number(5));
  entry.change = static_cast<std::uint64_t>(run.number(6));
  return entry;
}

Result<void> add_crl(const Statement& add, const store::CrlRecord& crl) {
  Run run(add);
  run.with(std::int64_t{crl.shard}).with(static_cast<std::int64_t>(crl.number));
  crl.base_number ? run.with(static_cast<std::int64_t>(*crl.base_number)) : run.with_null();
  return run.with(static_cast<std::int64_t>(crl.last_change))
      .with(to_number(crl.this_update))
      .with(to_number(crl.next_update))
      .with(crl.issuing_point)
      .with(crl.der)
      .finish();
}

store::CrlRecord read_crl_row(const Run& run) {
  store::CrlRecord crl;
  crl.number = static_cast<std::uint64_t>(run.number(0));
  crl.this_update = to_time(run.number(1));
  crl.next_update = to_time(run.number(2));
  crl.der = to_bytes(run.octets(3));
  crl.shard = static_cast<std::uint32_t>(run.number(4));
  if (!run.is_null(5)) crl.base_number = static_cast<std::uint64_t>(run.number(5));
  crl.last_change = static_cast<std::uint64_t>(run.number(6));
  crl.issuing_point = to_bytes(run.octets(7));
  return crl;
}

Result<void> add_challenge(const Statement& add, const store::PendingChallenge& challenge) {
  return Run(add)
      .with(challenge.id)
      .with(challenge.requester_hash)
      .with(challenge.req_sequence)
      .with(challenge.sealed_seed)
      .with(std::string_view(challenge.profile_id))
      .with(challenge.transaction_id)
      .with(static_cast<std::int64_t>(challenge.form))
      .with(to_number(challenge.created_at))
      .with(to_number(challenge.expires_at))
      .with(static_cast<std::int64_t>(challenge.state))
      .with(static_cast<std::int64_t>(challenge.wrong_answers))
      .finish();
}

Result<store::PendingChallenge> read_challenge_row(const Run& run) {
  const auto form = run.number(6);
  const auto state = run.number(9);
  if (form < 0 || form > static_cast<std::int64_t>(store::ChallengeForm::dogtag) || state < 0 ||
      state > static_cast<std::int64_t>(store::ChallengeState::withdrawn)) {
    return damaged("a challenge");
  }
  store::PendingChallenge challenge;
  challenge.id = to_bytes(run.octets(0));
  challenge.requester_hash = to_bytes(run.octets(1));
  challenge.req_sequence = to_bytes(run.octets(2));
  challenge.sealed_seed = to_bytes(run.octets(3));
  challenge.profile_id = run.text(4);
  challenge.transaction_id = to_bytes(run.octets(5));
  challenge.form = static_cast<store::ChallengeForm>(form);
  challenge.created_at = to_time(run.number(7));
  challenge.expires_at = to_time(run.number(8));
  challenge.state = static_cast<store::ChallengeState>(state);
  challenge.wrong_answers = static_cast<std::size_t>(run.number(10));
  return challenge;
}

Result<void> add_token(const Statement& add, const store::SharedToken& token) {
  Run run(add);
  run.with(token.id)
      .with(std::string_view(token.identification))
      .with(token.sealed_secret)
      .with(std::string_view(token.subject))
      .with(to_number(token.created_at));
  token.expires_at ? run.with(to_number(*token.expires_at)) : run.with_null();
  run.with(static_cast<std::int64_t>(token.uses_allowed));
  token.revoked ? run.with(to_number(token.created_at)) : run.with_null();
  return run.finish();
}

store::SharedToken read_token_row(const Run& run) {
  store::SharedToken token;
  token.id = to_bytes(run.octets(0));
  token.identification = run.text(1);
  token.sealed_secret = to_bytes(run.octets(2));
  token.subject = run.text(3);
  token.created_at = to_time(run.number(4));
  if (!run.is_null(5)) token.expires_at = to_time(run.number(5));
  token.uses_allowed = static_cast<std::size_t>(run.number(6));
  token.revoked = !run.is_null(7);
  return token;
}

Result<store::TokenHistory> read_history(Run& run) {
  store::TokenHistory history;
  if (!TRY(run.next_row())) return history;
  history.uses = static_cast<std::size_t>(run.number(0));
  history.failures = static_cast<std::size_t>(run.number(1));
  if (!run.is_null(2)) history.last_failure_at = to_time(run.number(2));
  return history;
}

}  // namespace signet::sqlite
