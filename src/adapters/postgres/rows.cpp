#include "adapters/postgres/rows.h"

#include "codec/asn1/writer.h"
#include "crypto/digest.h"

namespace signet::postgres {
namespace {

constexpr std::size_t kMarkOctets = 8;

Error damaged(std::string_view what) {
  return {Fault::storage_failed, "the store holds " + std::string(what) +
                                     " that no Signet wrote: keep the database, and restore it "
                                     "from a backup"};
}

template <typename Enumeration>
Result<Enumeration> to_enumerator(std::int64_t number, Enumeration last, std::string_view what) {
  if (number < 0 || number > static_cast<std::int64_t>(last)) return damaged(what);
  return static_cast<Enumeration>(number);
}

constexpr std::int64_t kLastReason = 10;  // aACompromise, RFC 5280 §5.3.1

Result<int> to_reason(std::int64_t number) {
  if (number < 0 || number > kLastReason) return damaged("a reason of revocation");
  return static_cast<int>(number);
}

Bytes write_serial_numbers(const std::vector<store::Integer>& serial_numbers) {
  asn1::Writer writer;
  writer.sequence([&] {
    for (const auto& serial_number : serial_numbers) writer.integer(serial_number);
  });
  return std::move(writer).take();
}

Result<std::vector<store::Integer>> parse_serial_numbers(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{der, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  std::vector<store::Integer> serial_numbers;
  while (!sequence.at_end()) serial_numbers.push_back(TRY(sequence.read_integer()));
  return serial_numbers;
}

Result<std::vector<store::Integer>> read_serial_numbers(ByteView der) {
  auto serial_numbers = parse_serial_numbers(der);
  if (!serial_numbers) return damaged("serial numbers");
  return serial_numbers;
}

std::optional<Time> time_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.time(column);
}

template <typename Number>
std::int64_t number_of(Number number) {
  return static_cast<std::int64_t>(number);
}

}  // namespace

Bytes subject_mark(ByteView subject_der) {
  auto mark = crypto::sha256(subject_der);
  mark.resize(kMarkOctets);
  return mark;
}

Result<store::CertificateStatus> to_status(std::int64_t number) {
  return to_enumerator(number, store::CertificateStatus::revoked, "a certificate status");
}

Result<store::ChallengeState> to_challenge_state(std::int64_t number) {
  return to_enumerator(number, store::ChallengeState::withdrawn, "a challenge's state");
}

Parameters parameters_of(const store::CertificateRecord& record, const Place& place) {
  Parameters parameters;
  parameters.with(record.serial_number.octets)
      .with(number_of(record.status))
      .with(record.issued_at)
      .with(record.not_before)
      .with(record.not_after)
      .with(record.revoked_at)
      .with(number_of(record.revocation_reason))
      .with(record.key_hash)
      .with(place.key_ordinal)
      .with(subject_mark(record.subject_der))
      .with(record.subject_der)
      .with(record.profile_id)
      .with(record.requester)
      .with(record.certificate_der)
      .with(number_of(record.crl_shard))
      .with(record.invalidity_date)
      .with(place.kept_order);
  return parameters;
}

Parameters parameters_of(const store::AnsweredRequest& request) {
  Parameters parameters;
  parameters.with(request.request_digest).with(request.requester_hash);
  request.sender_nonce.empty() ? parameters.with_null(Parameters::Type::bytea)
                               : parameters.with(request.sender_nonce);
  parameters.with(request.transaction_id)
      .with(write_serial_numbers(request.serial_numbers))
      .with(request.received_at)
      .with(request.challenge_id)
      .with(request.pending_id);
  return parameters;
}

Parameters parameters_of(const store::IssuanceIntent& intent) {
  Parameters parameters;
  parameters.with(intent.serial_number.octets)
      .with(intent.tbs_digest)
      .with(intent.profile_id)
      .with(intent.at);
  return parameters;
}

Parameters parameters_of(const store::PendingChallenge& challenge) {
  Parameters parameters;
  parameters.with(challenge.id)
      .with(challenge.requester_hash)
      .with(challenge.req_sequence)
      .with(challenge.sealed_seed)
      .with(challenge.profile_id)
      .with(challenge.transaction_id)
      .with(number_of(challenge.form))
      .with(challenge.created_at)
      .with(challenge.expires_at)
      .with(number_of(challenge.state))
      .with(number_of(challenge.wrong_answers));
  return parameters;
}

Parameters parameters_of(const store::SharedToken& token) {
  Parameters parameters;
  parameters.with(token.id)
      .with(token.identification)
      .with(token.sealed_secret)
      .with(token.subject)
      .with(token.created_at)
      .with(token.expires_at)
      .with(number_of(token.uses_allowed))
      .with(token.revoked ? std::optional(token.created_at) : std::nullopt);
  return parameters;
}

Parameters parameters_of(const store::CrlRecord& crl) {
  Parameters parameters;
  parameters.with(number_of(crl.shard))
      .with(number_of(crl.base_number.has_value()))
      .with(number_of(crl.number));
  crl.base_number ? parameters.with(number_of(*crl.base_number))
                  : parameters.with_null(Parameters::Type::bigint);
  parameters.with(number_of(crl.last_change))
      .with(crl.this_update)
      .with(crl.next_update)
      .with(crl.issuing_point)
      .with(crl.der);
  return parameters;
}

Parameters parameters_of(const store::PendingRequest& request) {
  Parameters parameters;
  parameters.with(request.id)
      .with(request.requester_hash)
      .with(request.transaction_id)
      .with(request.message)
      .with(request.tls_client_certificate)
      .with(request.client_address)
      .with(request.profile_id)
      .with(request.requester)
      .with(request.subject)
      .with(request.created_at)
      .with(request.expires_at)
      .with(number_of(request.state))
      .with(request.decided_at)
      .with(request.decided_by)
      .with(request.note)
      .with(write_serial_numbers(request.serial_numbers));
  return parameters;
}

Parameters parameters_of(const store::PendingDecision& decision) {
  Parameters parameters;
  parameters.with(decision.id)
      .with(number_of(decision.to))
      .with(decision.at)
      .with(decision.by)
      .with(decision.note)
      .with(write_serial_numbers(decision.serial_numbers));
  return parameters;
}

Parameters parameters_of(const store::AwaitedConfirmation& awaited) {
  Parameters parameters;
  parameters.with(awaited.serial_number.octets)
      .with(awaited.requester_hash)
      .with(awaited.transaction_id)
      .with(awaited.until);
  return parameters;
}

Parameters parameters_of(const store::RevocationSecret& secret) {
  Parameters parameters;
  parameters.with(secret.serial_number.octets).with(secret.verifier);
  return parameters;
}

Parameters parameters_of(const Bytes& token_id, const store::TokenHistory& history) {
  Parameters parameters;
  parameters.with(token_id)
      .with(number_of(history.uses))
      .with(number_of(history.failures))
      .with(history.last_failure_at);
  return parameters;
}

Result<store::CertificateRecord> read_certificate(const Row& row) {
  store::CertificateRecord record;
  record.serial_number.octets = to_bytes(row.octets(0));
  if (record.serial_number.octets.empty()) return damaged("an empty serial number");
  record.status = TRY(to_status(row.number(1)));
  record.issued_at = row.time(2);
  record.not_before = row.time(3);
  record.not_after = row.time(4);
  record.revoked_at = time_at(row, 5);
  record.revocation_reason = TRY(to_reason(row.number(6)));
  record.key_hash = to_bytes(row.octets(7));
  record.subject_der = to_bytes(row.octets(8));
  record.profile_id = row.text(9);
  record.requester = row.text(10);
  record.certificate_der = to_bytes(row.octets(11));
  record.invalidity_date = time_at(row, 12);
  record.crl_shard = static_cast<std::uint32_t>(row.number(13));
  return record;
}

Result<store::AnsweredRequest> read_answered(const Row& row) {
  return store::AnsweredRequest{.request_digest = to_bytes(row.octets(0)),
                                .requester_hash = to_bytes(row.octets(1)),
                                .sender_nonce = to_bytes(row.octets(2)),
                                .transaction_id = to_bytes(row.octets(3)),
                                .serial_numbers = TRY(read_serial_numbers(row.octets(4))),
                                .received_at = row.time(5),
                                .challenge_id = to_bytes(row.octets(6)),
                                .pending_id = to_bytes(row.octets(7))};
}

Result<store::StatusEntry> read_status(const Row& row) {
  store::StatusEntry entry;
  entry.serial_number.octets = to_bytes(row.octets(0));
  entry.status = TRY(to_status(row.number(1)));
  entry.revoked_at = time_at(row, 2);
  entry.reason = TRY(to_reason(row.number(3)));
  entry.invalidity_date = time_at(row, 4);
  entry.not_after = row.time(5);
  entry.change = static_cast<std::uint64_t>(row.number(6));
  return entry;
}

Result<store::CrlRecord> read_crl(const Row& row) {
  store::CrlRecord crl;
  crl.number = static_cast<std::uint64_t>(row.number(0));
  crl.this_update = row.time(1);
  crl.next_update = row.time(2);
  crl.der = to_bytes(row.octets(3));
  crl.shard = static_cast<std::uint32_t>(row.number(4));
  if (!row.is_null(5)) crl.base_number = static_cast<std::uint64_t>(row.number(5));
  crl.last_change = static_cast<std::uint64_t>(row.number(6));
  crl.issuing_point = to_bytes(row.octets(7));
  return crl;
}

Result<store::PendingChallenge> read_challenge(const Row& row) {
  store::PendingChallenge challenge;
  challenge.id = to_bytes(row.octets(0));
  challenge.requester_hash = to_bytes(row.octets(1));
  challenge.req_sequence = to_bytes(row.octets(2));
  challenge.sealed_seed = to_bytes(row.octets(3));
  challenge.profile_id = row.text(4);
  challenge.transaction_id = to_bytes(row.octets(5));
  challenge.form =
      TRY(to_enumerator(row.number(6), store::ChallengeForm::dogtag, "a challenge's form"));
  challenge.created_at = row.time(7);
  challenge.expires_at = row.time(8);
  challenge.state = TRY(to_challenge_state(row.number(9)));
  challenge.wrong_answers = static_cast<std::size_t>(row.number(10));
  return challenge;
}

Result<store::SharedToken> read_token(const Row& row) {
  store::SharedToken token;
  token.id = to_bytes(row.octets(0));
  token.identification = row.text(1);
  token.sealed_secret = to_bytes(row.octets(2));
  token.subject = row.text(3);
  token.created_at = row.time(4);
  token.expires_at = time_at(row, 5);
  token.uses_allowed = static_cast<std::size_t>(row.number(6));
  token.revoked = !row.is_null(7);
  return token;
}

Result<store::TokenHistory> read_history(const Row& row) {
  return store::TokenHistory{.uses = static_cast<std::size_t>(row.number(0)),
                             .failures = static_cast<std::size_t>(row.number(1)),
                             .last_failure_at = time_at(row, 2)};
}

Result<store::PendingRequest> read_pending(const Row& row) {
  store::PendingRequest request;
  request.id = to_bytes(row.octets(0));
  request.requester_hash = to_bytes(row.octets(1));
  request.transaction_id = to_bytes(row.octets(2));
  request.message = to_bytes(row.octets(3));
  request.tls_client_certificate = to_bytes(row.octets(4));
  request.client_address = row.text(5);
  request.profile_id = row.text(6);
  request.requester = row.text(7);
  request.subject = row.text(8);
  request.created_at = row.time(9);
  request.expires_at = row.time(10);
  request.state =
      TRY(to_enumerator(row.number(11), store::PendingState::rejected, "a pending request"));
  request.decided_at = time_at(row, 12);
  request.decided_by = row.text(13);
  request.note = row.text(14);
  request.serial_numbers = TRY(read_serial_numbers(row.octets(15)));
  return request;
}

Result<store::AwaitedConfirmation> read_awaited(const Row& row) {
  return store::AwaitedConfirmation{
      {to_bytes(row.octets(0))}, to_bytes(row.octets(1)), to_bytes(row.octets(2)), row.time(3)};
}

}  // namespace signet::postgres
