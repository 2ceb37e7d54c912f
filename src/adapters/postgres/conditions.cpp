#include "adapters/postgres/conditions.h"

#include <algorithm>

#include "store/engine_rules.h"

namespace signet::postgres {
namespace {

using store::Conflict;

template <typename Key, typename Value>
Value value_or_none(const std::map<Key, Value>& values, const Key& key) {
  const auto found = values.find(key);
  return found == values.end() ? Value{} : found->second;
}

}  // namespace

// The order of these checks decides which conflict is told when there are several.
std::optional<Conflict> Conditions::conflict(const store::Commit& commit) const {
  if (commit.answered) {
    if (const auto found = conflict(*commit.answered)) return found;
  }
  if (serial_taken(commit)) return Conflict::serial_taken;
  const auto known = [this](const auto& condition) { return still_known(condition); };
  if (!std::all_of(commit.keys.begin(), commit.keys.end(), known)) return Conflict::key_taken;
  if (!std::all_of(commit.subjects.begin(), commit.subjects.end(), known)) {
    return Conflict::subject_taken;
  }
  if (commit.token_use && !may_be_used(*commit.token_use)) return Conflict::token_used;
  if (commit.challenge_change && !may_change(*commit.challenge_change)) {
    return Conflict::challenge_closed;
  }
  const auto changeable = [this](const auto& change) { return may_change(change); };
  if (!std::all_of(commit.status_changes.begin(), commit.status_changes.end(), changeable)) {
    return Conflict::status_changed;
  }
  if (commit.crl && !may_follow(*commit.crl)) return Conflict::crl_number_taken;
  if (commit.pending_decision && !open_requests_.contains(commit.pending_decision->id)) {
    return Conflict::request_decided;
  }
  const auto awaited = [this](const auto& serial) { return awaited_.contains(serial); };
  if (!std::all_of(commit.settled.begin(), commit.settled.end(), awaited)) {
    return Conflict::confirmation_settled;
  }
  return std::nullopt;
}

std::optional<Conflict> Conditions::conflict(const store::AnsweredRequest& asked) const {
  if (answered_.contains(asked.request_digest)) return Conflict::answered_before;
  if (asked.sender_nonce.empty()) return std::nullopt;
  if (nonces_.contains({asked.requester_hash, asked.sender_nonce})) return Conflict::nonce_seen;
  return std::nullopt;
}

bool Conditions::serial_taken(const store::Commit& commit) const {
  const auto taken = [this](const auto& record) { return serial_taken(record); };
  return store::repeats_serial(commit) ||
         std::any_of(commit.intents.begin(), commit.intents.end(), taken) ||
         std::any_of(commit.certificates.begin(), commit.certificates.end(), taken);
}

bool Conditions::serial_taken(const store::IssuanceIntent& intent) const {
  return certificates_.contains(intent.serial_number) || intended_.contains(intent.serial_number);
}

bool Conditions::serial_taken(const store::CertificateRecord& certificate) const {
  if (certificates_.contains(certificate.serial_number)) return true;
  const auto intended = intended_.find(certificate.serial_number);
  return intended != intended_.end() && !store::made_as_intended(certificate, intended->second);
}

bool Conditions::still_known(const store::KeyCondition& key) const {
  return value_or_none(keys_, key.key_hash).certificates == key.known_certificates;
}

bool Conditions::still_known(const store::SubjectCondition& subject) const {
  return value_or_none(subjects_, subject.subject_der) == subject.known_certificates;
}

bool Conditions::may_be_used(const store::TokenUse& use) const {
  return !revoked_tokens_.contains(use.token_id) &&
         store::within_limit(use, value_or_none(histories_, use.token_id));
}

bool Conditions::may_change(const store::ChallengeChange& change) const {
  const auto found = challenges_.find(change.id);
  if (found == challenges_.end()) return change.event != store::ChallengeEvent::answered;
  auto challenge = found->second;
  return store::change_challenge(challenge, change);
}

bool Conditions::may_change(const store::StatusChange& change) const {
  const auto found = statuses_.find(change.serial_number);
  return found != statuses_.end() && found->second.status == change.from;
}

bool Conditions::may_follow(const store::CrlRecord& crl) const {
  const auto latest = latest_crl_number(crl.shard);
  return crl.number >= 1 && (latest == 0 || crl.number == latest + 1);
}

void Conditions::add(const store::Commit& commit) {
  for (const auto& intent : commit.intents) intended_[intent.serial_number] = intent.tbs_digest;
  for (const auto& certificate : commit.certificates) add(certificate);
  if (commit.answered) add(*commit.answered);
  if (commit.token_use) store::count_use(histories_[commit.token_use->token_id]);
  if (const auto& failure = commit.token_failure) {
    store::count_failure(histories_[failure->token_id], *failure);
  }
  if (commit.challenge) challenges_[commit.challenge->id] = *commit.challenge;
  if (commit.challenge_change) add(*commit.challenge_change);
  for (const auto& change : commit.status_changes) {
    statuses_[change.serial_number].status = change.to;
  }
  if (commit.crl) crl_numbers_[commit.crl->shard] = commit.crl->number;
  if (commit.pending && commit.pending->state == store::PendingState::open) {
    open_requests_.insert(commit.pending->id);
  }
  if (commit.pending_decision) open_requests_.erase(commit.pending_decision->id);
  for (const auto& awaited : commit.awaited) awaited_.insert(awaited.serial_number);
  for (const auto& serial : commit.settled) {
    const auto found = awaited_.find(serial);
    if (found != awaited_.end()) awaited_.erase(found);
  }
}

void Conditions::add(const store::AnsweredRequest& request) {
  answered_.insert(request.request_digest);
  if (!request.sender_nonce.empty()) nonces_.emplace(request.requester_hash, request.sender_nonce);
}

void Conditions::add(const store::CertificateRecord& certificate) {
  certificates_.insert(certificate.serial_number);
  ++keys_[certificate.key_hash].certificates;
  const auto counted = subjects_.find(certificate.subject_der);
  if (counted != subjects_.end()) ++counted->second;
  statuses_[certificate.serial_number] = {certificate.status, certificate.crl_shard};
}

void Conditions::add(const store::ChallengeChange& change) {
  const auto found = challenges_.find(change.id);
  if (found != challenges_.end()) store::change_challenge(found->second, change);
}

store::TokenHistory Conditions::history(const Bytes& token_id) const {
  return value_or_none(histories_, token_id);
}

const store::PendingChallenge* Conditions::challenge(const Bytes& id) const {
  const auto found = challenges_.find(id);
  return found == challenges_.end() ? nullptr : &found->second;
}

std::uint32_t Conditions::shard(const store::Integer& serial) const {
  return value_or_none(statuses_, serial).shard;
}

std::uint64_t Conditions::latest_crl_number(std::uint32_t shard) const {
  return value_or_none(crl_numbers_, shard);
}

}  // namespace signet::postgres
