#pragma once

#include "adapters/takeover/survey.h"
#include "apps/import/import_report.h"
#include "store/certificate_store.h"

namespace signet::tool {

/// Takes the records of an export into the store, in batches, each certificate in a commit of its
/// own with the event that tells of it. What the store holds already, octet for octet, counts as
/// taken: so an import that was cut short goes on.
class RecordImport {
 public:
  struct Parts {
    const takeover::IssuingAuthority& authority;
    takeover::Surveyed& surveyed;
    takeover::ToUtc to_utc;
    store::Engine& engine;
    audit::Journal& journal;
    const Clock& clock;
    ImportReport& report;
    ImportFiles& files;
  };
  explicit RecordImport(Parts parts) : parts_(std::move(parts)) {}

  /// Faults: already_exists (the store has another certificate with its serial number),
  /// storage_failed.
  Result<void> take(const ldif::Entry& entry);
  /// After the last. Faults: as take.
  Result<void> finish();

 private:
  struct Waiting {
    store::Commit commit;
    takeover::TakenCertificate taken;
    std::string dn;
  };
  Result<void> take_certificate(const ldif::Entry& entry);
  void take_request(const ldif::Entry& entry);
  void leave_out(const ldif::Entry& entry, const std::string& reason);
  Result<void> write_batch();
  Result<void> settle(const Waiting& waiting, const store::CommitOutcome& outcome);
  void report(const Waiting& waiting);

  Parts parts_;
  std::vector<Waiting> batch_;
};

}  // namespace signet::tool
