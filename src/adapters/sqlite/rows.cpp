#include "adapters/sqlite/rows.h"

#include <algorithm>

#include "store/columns.h"

namespace signet::sqlite {

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
  return request_digest.first(store::kMarkOctets);
}

Result<void> add_certificate(const Statement& add, const store::CertificateRecord& record) {
  const auto mark = store::subject_mark(record.subject_der);
  Run run(add);
  run.with(record.serial_number.octets)
      .with(to_number(record.status))
      .with(to_number(record.issued_at))
      .with(to_number(record.not_before))
      .with(to_number(record.not_after));
  record.revoked_at ? run.with(to_number(*record.revoked_at)) : run.with_null();
  run.with(static_cast<std::int64_t>(record.revocation_reason))
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
  const auto serial_numbers = store::write_serial_numbers(request.serial_numbers);
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

}  // namespace signet::sqlite
