#include "adapters/postgres/rows.h"

#include "crypto/digest.h"
#include "store/columns.h"

namespace signet::postgres {
namespace {

template <typename Number>
std::int64_t number_of(Number number) {
  return static_cast<std::int64_t>(number);
}

}  // namespace

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
      .with(store::subject_mark(record.subject_der))
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
      .with(store::write_serial_numbers(request.serial_numbers))
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
      .with(store::write_serial_numbers(request.serial_numbers));
  return parameters;
}

Parameters parameters_of(const store::PendingDecision& decision) {
  Parameters parameters;
  parameters.with(decision.id)
      .with(number_of(decision.to))
      .with(decision.at)
      .with(decision.by)
      .with(decision.note)
      .with(store::write_serial_numbers(decision.serial_numbers));
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
      .with(history.last_failure_at)
      .with(history.identification);
  return parameters;
}

Parameters parameters_of(const store::PublicationChoice& choice) {
  Parameters parameters;
  parameters.with(choice.serial_number.octets).with(std::int64_t{choice.is_withheld});
  return parameters;
}

Parameters parameters_of(const store::OutboxEntry& entry, std::int64_t order) {
  const auto kept_order = entry.line == store::OutboxLine::pressing ? order : -order;
  Parameters drawn_from;
  drawn_from.with(kept_order);
  Bytes text = entry.serial_number.octets;
  for (const auto& value : drawn_from.values()) append(text, *value.octets);
  std::uint64_t number = 0;
  const auto digest = crypto::sha256(text);
  for (std::size_t at = 0; at < sizeof number; ++at) number = (number << 8) | digest[at];
  Parameters parameters;
  parameters
      .with(static_cast<std::int64_t>(number >> 1))  // never negative
      .with(kept_order)
      .with(entry.serial_number.octets)
      .with(entry.at);
  return parameters;
}

}  // namespace signet::postgres
