#include "store/records.h"

namespace signet::store {

CertificateRecord record_of(const pkix::Certificate& certificate, Bytes key_hash, Time issued_at) {
  CertificateRecord record;
  record.serial_number = certificate->serial_number;
  record.certificate_der = certificate.der;
  record.subject_der = certificate->subject.der();
  record.key_hash = std::move(key_hash);
  record.not_before = certificate->validity.not_before;
  record.not_after = certificate->validity.not_after;
  record.issued_at = issued_at;
  return record;
}

bool holds_only_events(const Commit& commit) {
  return !commit.tells_of_record && commit.intents.empty() && commit.certificates.empty() &&
         commit.keys.empty() && commit.subjects.empty() && !commit.answered && !commit.token_use &&
         !commit.token_failure && !commit.challenge && !commit.challenge_change &&
         commit.status_changes.empty() && !commit.crl && !commit.pending &&
         !commit.pending_decision && commit.awaited.empty() && commit.settled.empty() &&
         commit.revocation_secrets.empty() && commit.outbox.empty() &&
         commit.publication_choices.empty();
}

std::string_view to_text(Conflict conflict) {
  switch (conflict) {
    case Conflict::answered_before:
      return "answered_before";
    case Conflict::nonce_seen:
      return "nonce_seen";
    case Conflict::serial_taken:
      return "serial_taken";
    case Conflict::key_taken:
      return "key_taken";
    case Conflict::subject_taken:
      return "subject_taken";
    case Conflict::token_used:
      return "token_used";
    case Conflict::challenge_closed:
      return "challenge_closed";
    case Conflict::status_changed:
      return "status_changed";
    case Conflict::crl_number_taken:
      return "crl_number_taken";
    case Conflict::request_decided:
      return "request_decided";
    case Conflict::confirmation_settled:
      return "confirmation_settled";
  }
  return "unknown";
}

}  // namespace signet::store
