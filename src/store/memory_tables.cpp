#include "store/memory_tables.h"

#include <algorithm>

#include "store/engine_rules.h"

namespace signet::store {

// The order of these checks decides which conflict is told when there are several.
std::optional<Conflict> MemoryTables::conflict(const Commit& commit) const {
  if (commit.answered) {
    if (const auto found = conflict(*commit.answered)) return found;
  }
  const auto taken = [this](const auto& record) { return serial_taken(record); };
  if (repeats_serial(commit) || std::any_of(commit.intents.begin(), commit.intents.end(), taken) ||
      std::any_of(commit.certificates.begin(), commit.certificates.end(), taken)) {
    return Conflict::serial_taken;
  }
  const auto known = [this](const auto& condition) { return still_known(condition); };
  if (!std::all_of(commit.keys.begin(), commit.keys.end(), known)) return Conflict::key_taken;
  if (!std::all_of(commit.subjects.begin(), commit.subjects.end(), known)) {
    return Conflict::subject_taken;
  }
  if (commit.token_use && !tokens_.may_be_used(*commit.token_use)) return Conflict::token_used;
  if (commit.challenge_change && !challenges_.may_change(*commit.challenge_change)) {
    return Conflict::challenge_closed;
  }
  const auto changeable = [this](const auto& change) { return may_change(change); };
  if (!std::all_of(commit.status_changes.begin(), commit.status_changes.end(), changeable)) {
    return Conflict::status_changed;
  }
  if (commit.crl && !follows(*commit.crl, latest_crl_number(commit.crl->shard))) {
    return Conflict::crl_number_taken;
  }
  return life_.conflict(commit);
}

std::optional<Conflict> MemoryTables::conflict(const AnsweredRequest& request) const {
  if (answered_.contains(request.request_digest)) return Conflict::answered_before;
  if (request.sender_nonce.empty()) return std::nullopt;
  if (nonce_seen(request.requester_hash, request.sender_nonce)) return Conflict::nonce_seen;
  return std::nullopt;
}

bool MemoryTables::serial_taken(const IssuanceIntent& intent) const {
  return by_serial_.contains(intent.serial_number) ||
         intended_tbs_digests_.contains(intent.serial_number);
}

bool MemoryTables::serial_taken(const CertificateRecord& certificate) const {
  if (by_serial_.contains(certificate.serial_number)) return true;
  const auto intended = intended_tbs_digests_.find(certificate.serial_number);
  return intended != intended_tbs_digests_.end() &&
         !made_as_intended(certificate, intended->second);
}

bool MemoryTables::still_known(const KeyCondition& key) const {
  const auto found = by_key_.find(key.key_hash);
  return key.known_certificates == (found == by_key_.end() ? 0 : found->second.size());
}

bool MemoryTables::still_known(const SubjectCondition& subject) const {
  const auto found = by_subject_.find(subject.subject_der);
  return subject.known_certificates == (found == by_subject_.end() ? 0 : found->second.size());
}

void MemoryTables::add(const Commit& commit) {
  for (const auto& intent : commit.intents) {
    intended_tbs_digests_.emplace(intent.serial_number, intent.tbs_digest);
  }
  for (const auto& certificate : commit.certificates) add(certificate);
  tokens_.add(commit);
  challenges_.add(commit);
  life_.add(commit);
  outbox_.add(commit);
  for (const auto& change : commit.status_changes) {
    const auto row = row_of(change.serial_number).value();
    before_change_.push_back({certificates_[row], last_changes_[row]});
    change_status(row, change);
  }
  if (commit.crl) crls_.push_back(*commit.crl);
  if (!commit.answered) return;
  answered_.emplace(commit.answered->request_digest, *commit.answered);
  if (commit.answered->sender_nonce.empty()) return;
  nonces_.emplace(commit.answered->requester_hash, commit.answered->sender_nonce);
}

void MemoryTables::add(const CertificateRecord& certificate) {
  const Row row = certificates_.size();
  by_serial_.emplace(certificate.serial_number, row);
  by_subject_[certificate.subject_der].push_back(row);
  by_key_[certificate.key_hash].push_back(row);
  by_time_.emplace(certificate.issued_at, row);
  with_status(certificate.status).emplace(certificate.issued_at, row);
  certificates_.push_back(certificate);
  last_changes_.push_back(0);
  if (certificate.status == CertificateStatus::valid) return;
  set_change(row, next_change(certificate.crl_shard));
}

void MemoryTables::take_back(const Commit& commit) {
  if (commit.crl) crls_.pop_back();
  for (std::size_t at = 0; at < commit.status_changes.size(); ++at) {
    auto& before = before_change_.back();
    const auto row = row_of(before.record.serial_number).value();
    replace(row, std::move(before.record), before.change);
    before_change_.pop_back();
  }
  outbox_.take_back(commit);
  life_.take_back();
  challenges_.take_back(commit);
  tokens_.take_back(commit);
  for (const auto& intent : commit.intents) intended_tbs_digests_.erase(intent.serial_number);
  for (std::size_t at = 0; at < commit.certificates.size(); ++at) take_back_last_certificate();
  if (!commit.answered) return;
  answered_.erase(commit.answered->request_digest);
  nonces_.erase({commit.answered->requester_hash, commit.answered->sender_nonce});
}

void MemoryTables::take_back_last_certificate() {
  const auto& certificate = certificates_.back();
  const Row row = certificates_.size() - 1;
  by_serial_.erase(certificate.serial_number);
  by_subject_[certificate.subject_der].pop_back();
  by_key_[certificate.key_hash].pop_back();
  by_time_.erase({certificate.issued_at, row});
  with_status(certificate.status).erase({certificate.issued_at, row});
  set_change(row, 0);
  last_changes_.pop_back();
  certificates_.pop_back();
}

std::optional<MemoryTables::Row> MemoryTables::row_of(const Integer& serial) const {
  const auto found = by_serial_.find(serial);
  if (found == by_serial_.end()) return std::nullopt;
  return found->second;
}

void MemoryTables::change_status(Row row, const StatusChange& change) {
  auto changed = certificates_[row];
  set_status(changed, change);
  const auto number = next_change(changed.crl_shard);
  replace(row, std::move(changed), number);
}

void MemoryTables::replace(Row row, CertificateRecord changed, std::uint64_t change) {
  auto& certificate = certificates_[row];
  with_status(certificate.status).erase({certificate.issued_at, row});
  certificate = std::move(changed);
  with_status(certificate.status).emplace(certificate.issued_at, row);
  set_change(row, change);
}

void MemoryTables::set_change(Row row, std::uint64_t change) {
  const auto shard = certificates_[row].crl_shard;
  by_change_.erase({shard, last_changes_[row]});
  last_changes_[row] = change;
  if (change != 0) by_change_.emplace(std::pair{shard, change}, row);
}

std::uint64_t MemoryTables::next_change(std::uint32_t shard) const {
  const auto behind = by_change_.lower_bound({shard + 1, 0});
  if (behind == by_change_.begin()) return 1;
  const auto& [of_shard, number] = std::prev(behind)->first;
  return of_shard == shard ? number + 1 : 1;
}

bool MemoryTables::may_change(const StatusChange& change) const {
  const auto row = row_of(change.serial_number);
  return row && certificates_[*row].status == change.from;
}

void MemoryTables::for_each_changed(std::uint32_t shard, std::uint64_t since,
                                    const std::function<void(const StatusEntry&)>& take) const {
  const auto end = by_change_.lower_bound({shard + 1, 0});
  for (auto at = by_change_.upper_bound({shard, since}); at != end; ++at) {
    take(status_entry(certificates_[at->second], at->first.second));
  }
}

std::optional<CrlRecord> MemoryTables::crl(const CrlQuery& query) const {
  for (auto crl = crls_.rbegin(); crl != crls_.rend(); ++crl) {
    if (crl->shard != query.shard || !is_of_kind(*crl, query.kind)) continue;
    if (query.before && crl->this_update >= *query.before) continue;
    auto found = *crl;
    if (query.parts == CrlParts::without_der) found.der.clear();
    return found;
  }
  return std::nullopt;
}

std::uint32_t MemoryTables::crl_shards() const {
  std::uint32_t shards = 0;
  for (const auto& crl : crls_) shards = std::max(shards, crl.shard + 1);
  return shards;
}

std::optional<std::uint64_t> MemoryTables::latest_crl_number(std::uint32_t shard) const {
  for (auto crl = crls_.rbegin(); crl != crls_.rend(); ++crl) {
    if (crl->shard == shard) return crl->number;
  }
  return std::nullopt;
}

std::vector<CertificateRecord> MemoryTables::with_subject(ByteView subject_der) const {
  return newest_first(by_subject_, subject_der);
}

std::vector<CertificateRecord> MemoryTables::with_key(ByteView key_hash) const {
  return newest_first(by_key_, key_hash);
}

std::vector<CertificateRecord> MemoryTables::newest_first(const RowsOf& index,
                                                          ByteView value) const {
  const auto found = index.find(to_bytes(value));
  if (found == index.end()) return {};
  TimeOrder order;
  for (const auto row : found->second) order.emplace(certificates_[row].issued_at, row);
  std::vector<CertificateRecord> records;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    records.push_back(certificates_[at->second]);
  }
  return records;
}

std::vector<CertificateRecord> MemoryTables::matching(const CertificateStore::Query& query) const {
  const auto from = query.issued_from.value_or(Time::min());
  const auto to = query.issued_to.value_or(Time::max());
  if (from >= to) return {};
  const auto& order = query.status ? by_status_[static_cast<std::size_t>(*query.status)] : by_time_;
  const auto first = order.lower_bound({from, 0});
  auto at = order.lower_bound({to, 0});
  std::vector<CertificateRecord> records;
  while (at != first && records.size() < query.most) {
    records.push_back(certificates_[(--at)->second]);
  }
  return records;
}

const AnsweredRequest* MemoryTables::answered(ByteView request_digest) const {
  const auto found = answered_.find(to_bytes(request_digest));
  return found == answered_.end() ? nullptr : &found->second;
}

bool MemoryTables::nonce_seen(ByteView requester_hash, ByteView sender_nonce) const {
  return nonces_.contains({to_bytes(requester_hash), to_bytes(sender_nonce)});
}

}  // namespace signet::store
