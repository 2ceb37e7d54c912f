#include "apps/import/record_import.h"

#include <algorithm>

namespace signet::tool {
namespace {

using takeover::EntryKind;

/// One sync of the disk for so many.
constexpr std::size_t kBatch = 1000;

std::string_view status_word(const store::CertificateRecord& record) {
  switch (record.status) {
    case store::CertificateStatus::valid:
      return "valid";
    case store::CertificateStatus::on_hold:
      return "on hold";
    case store::CertificateStatus::revoked:
      break;
  }
  return "revoked";
}

std::string hexadecimal(const store::Integer& serial) {
  return "0x" + serial.to_hex();
}

store::Commit commit_of(const takeover::TakenCertificate& taken, const std::string& dn,
                        const Clock& clock) {
  const auto& record = taken.record;
  store::Commit commit;
  commit.certificates.push_back(record);
  if (!taken.revocation_verifier.empty()) {
    commit.revocation_secrets.push_back({record.serial_number, taken.revocation_verifier});
  }
  audit::Event event{"CERT_IMPORTED",
                     clock.now_precise(),
                     audit::EventOutcome::success,
                     {{"SubjectID", "signet import dogtag"},
                      {"CertSerialNum", hexadecimal(record.serial_number)},
                      {"Status", std::string(status_word(record))},
                      {"Entry", dn}}};
  if (record.revoked_at) {
    event.fields.push_back({"RevokedAt", signet::to_text(*record.revoked_at)});
    event.fields.push_back(
        {"RevokeReasonNum", std::to_string(static_cast<int>(record.revocation_reason))});
  }
  commit.events.push_back(std::move(event));
  return commit;
}

/// Those that nobody has decided, in Dogtag's words.
bool is_undecided(std::string_view state) {
  return state == "begin" || state == "pending" || state == "approved" || state == "svc_pending";
}

const char* why_left_out(EntryKind kind) {
  switch (kind) {
    case EntryKind::profile:
      return "a profile of the directory: export it to a file and name its folder with --profiles";
    case EntryKind::user:
      return "a user of Dogtag's: agents are named in signetd.toml";
    case EntryKind::deleted:
      return "an entry that was deleted";
    case EntryKind::certificate:
    case EntryKind::request:
    case EntryKind::issuing_point:
    case EntryKind::other:
      break;
  }
  return "Dogtag's own configuration";
}

}  // namespace

void RecordImport::leave_out(const ldif::Entry& entry, const std::string& reason) {
  parts_.report.left_out.count(reason);
  parts_.files.left_out(entry.dn, entry.line, reason);
}

Result<void> RecordImport::take_certificate(const ldif::Entry& entry) {
  const auto& repeated = parts_.surveyed.repeated;
  if (std::binary_search(repeated.begin(), repeated.end(), entry.line)) {
    leave_out(entry, "the same certificate stands in the export before");
    return {};
  }
  auto taken = takeover::read_certificate_record(
      entry, {parts_.authority, parts_.surveyed.requests, parts_.to_utc});
  if (!taken.ok()) {
    leave_out(entry, taken.error().detail);
    return {};
  }
  auto commit = commit_of(*taken, entry.dn, parts_.clock);
  batch_.push_back({std::move(commit), *std::move(taken), entry.dn});
  return batch_.size() < kBatch ? Result<void>() : write_batch();
}

void RecordImport::take_request(const ldif::Entry& entry) {
  ++parts_.report.requests;
  const auto state = takeover::text_of(entry, "requeststate");
  const auto id = takeover::read_number(takeover::text_of(entry, "requestid"));
  if (!id.ok()) return leave_out(entry, "a request without readable requestId");
  if (is_undecided(state)) {
    ++parts_.report.pending_requests;
    leave_out(entry, "a request that waits for a decision: its requester must ask again");
  }
  if (takeover::is_complete(entry)) return;  // its certificate tells of it
  const auto requested = takeover::read_requested(entry);
  parts_.files.request(*id, state, "", requested.profile_id, requested.requester);
}

Result<void> RecordImport::take(const ldif::Entry& entry) {
  const auto kind = takeover::kind_of(entry);
  if (kind == EntryKind::certificate) return take_certificate(entry);
  if (entry.dn.empty() && !takeover::text_of(entry, "result").empty()) return {};
  if (!entry.fault.empty()) {
    leave_out(entry, entry.fault);
  } else if (kind == EntryKind::request) {
    take_request(entry);
  } else if (kind != EntryKind::issuing_point) {
    leave_out(entry, why_left_out(kind));
  }
  return {};
}

Result<void> RecordImport::write_batch() {
  std::vector<const store::Commit*> commits;
  commits.reserve(batch_.size());
  for (const auto& waiting : batch_) commits.push_back(&waiting.commit);
  const auto outcomes = parts_.engine.apply(commits, parts_.journal);
  for (std::size_t at = 0; at < batch_.size(); ++at) TRY(settle(batch_[at], outcomes[at]));
  batch_.clear();
  return {};
}

Result<void> RecordImport::settle(const Waiting& waiting, const store::CommitOutcome& outcome) {
  if (outcome.failed) return *outcome.failed;
  if (outcome.conflict) {
    const auto& wanted = waiting.taken.record;
    const auto kept = TRY(parts_.engine.find_certificate(wanted.serial_number));
    if (!kept || kept->certificate_der != wanted.certificate_der) {
      return Error{Fault::already_exists, waiting.dn +
                                              ": the store holds another certificate with "
                                              "the serial number " +
                                              hexadecimal(wanted.serial_number)};
    }
  }
  report(waiting);
  return {};
}

void RecordImport::report(const Waiting& waiting) {
  const auto& [record, request_id, verifier, remarks] = waiting.taken;
  parts_.report.count(record, parts_.clock.now());
  if (!verifier.empty()) ++parts_.report.revocation_secrets;
  for (const auto& remark : remarks) {
    parts_.report.remarks.count(remark);
    parts_.files.remark(waiting.dn, remark);
  }
  if (request_id.empty()) return;
  parts_.files.request(request_id, status_word(record), hexadecimal(record.serial_number),
                       record.profile_id, record.requester);
}

Result<void> RecordImport::finish() {
  TRY(write_batch());
  parts_.report.unclaimed_requests = parts_.surveyed.requests.unclaimed();
  return {};
}

}  // namespace signet::tool
