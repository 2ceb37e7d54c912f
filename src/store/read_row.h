#pragma once

#include "store/columns.h"

namespace signet::store {

// Rows to records, for every engine with tables: each asks for a record's columns in the order in
// which they are read here.
//
// A Row tells octets(column), text(column), number(column), time(column) and is_null(column), the
// first being 0. Faults of all: storage_failed, when the row holds what we never write.

template <typename Row>
std::optional<Time> read_time(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.time(column);
}

template <typename Row>
Result<CertificateRecord> read_certificate(const Row& row) {
  CertificateRecord record;
  record.serial_number.octets = to_bytes(row.octets(0));
  if (record.serial_number.octets.empty()) return damaged("an empty serial number");
  record.status = TRY(to_status(row.number(1)));
  record.issued_at = row.time(2);
  record.not_before = row.time(3);
  record.not_after = row.time(4);
  record.revoked_at = read_time(row, 5);
  record.revocation_reason = TRY(to_reason(row.number(6)));
  record.key_hash = to_bytes(row.octets(7));
  record.subject_der = to_bytes(row.octets(8));
  record.profile_id = row.text(9);
  record.requester = row.text(10);
  record.certificate_der = to_bytes(row.octets(11));
  record.invalidity_date = read_time(row, 12);
  record.crl_shard = static_cast<std::uint32_t>(row.number(13));
  return record;
}

template <typename Row>
Result<AnsweredRequest> read_answered(const Row& row) {
  AnsweredRequest request;
  request.request_digest = to_bytes(row.octets(0));
  request.requester_hash = to_bytes(row.octets(1));
  request.sender_nonce = to_bytes(row.octets(2));
  request.transaction_id = to_bytes(row.octets(3));
  request.serial_numbers = TRY(read_serial_numbers(row.octets(4)));
  request.received_at = row.time(5);
  request.challenge_id = to_bytes(row.octets(6));
  request.pending_id = to_bytes(row.octets(7));
  return request;
}

template <typename Row>
Result<StatusEntry> read_status(const Row& row) {
  StatusEntry entry;
  entry.serial_number.octets = to_bytes(row.octets(0));
  entry.status = TRY(to_status(row.number(1)));
  entry.revoked_at = read_time(row, 2);
  entry.reason = TRY(to_reason(row.number(3)));
  entry.invalidity_date = read_time(row, 4);
  entry.not_after = row.time(5);
  entry.change = static_cast<std::uint64_t>(row.number(6));
  return entry;
}

template <typename Row>
Result<CrlRecord> read_crl(const Row& row) {
  CrlRecord crl;
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

template <typename Row>
Result<PendingChallenge> read_challenge(const Row& row) {
  PendingChallenge challenge;
  challenge.id = to_bytes(row.octets(0));
  challenge.requester_hash = to_bytes(row.octets(1));
  challenge.req_sequence = to_bytes(row.octets(2));
  challenge.sealed_seed = to_bytes(row.octets(3));
  challenge.profile_id = row.text(4);
  challenge.transaction_id = to_bytes(row.octets(5));
  challenge.form = TRY(to_enumerator(row.number(6), ChallengeForm::dogtag, "a challenge's form"));
  challenge.created_at = row.time(7);
  challenge.expires_at = row.time(8);
  challenge.state = TRY(to_challenge_state(row.number(9)));
  challenge.wrong_answers = static_cast<std::size_t>(row.number(10));
  return challenge;
}

template <typename Row>
Result<SharedToken> read_token(const Row& row) {
  SharedToken token;
  token.id = to_bytes(row.octets(0));
  token.identification = row.text(1);
  token.sealed_secret = to_bytes(row.octets(2));
  token.subject = row.text(3);
  token.created_at = row.time(4);
  token.expires_at = read_time(row, 5);
  token.uses_allowed = static_cast<std::size_t>(row.number(6));
  token.revoked = !row.is_null(7);
  return token;
}

template <typename Row>
Result<TokenHistory> read_history(const Row& row) {
  TokenHistory history;
  history.uses = static_cast<std::size_t>(row.number(0));
  history.failures = static_cast<std::size_t>(row.number(1));
  history.last_failure_at = read_time(row, 2);
  history.identification = row.text(3);
  return history;
}

template <typename Row>
Result<FailedToken> read_failed(const Row& row) {
  auto history = TRY(read_history(row));
  return FailedToken{to_bytes(row.octets(4)), std::move(history)};
}

template <typename Row>
Result<PendingRequest> read_pending(const Row& row) {
  PendingRequest request;
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
  request.state = TRY(to_enumerator(row.number(11), PendingState::rejected, "a pending request"));
  request.decided_at = read_time(row, 12);
  request.decided_by = row.text(13);
  request.note = row.text(14);
  request.serial_numbers = TRY(read_serial_numbers(row.octets(15)));
  return request;
}

template <typename Row>
Result<AwaitedConfirmation> read_awaited(const Row& row) {
  AwaitedConfirmation awaited;
  awaited.serial_number.octets = to_bytes(row.octets(0));
  awaited.requester_hash = to_bytes(row.octets(1));
  awaited.transaction_id = to_bytes(row.octets(2));
  awaited.until = row.time(3);
  return awaited;
}

template <typename Row>
Result<OutboxEntry> read_outbox_entry(const Row& row, OutboxLine line) {
  OutboxEntry entry;
  entry.serial_number.octets = to_bytes(row.octets(0));
  entry.line = line;
  entry.at = row.time(1);
  entry.number = static_cast<std::uint64_t>(row.number(2));
  return entry;
}

}  // namespace signet::store
