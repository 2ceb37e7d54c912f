#pragma once

#include <functional>
#include <vector>

#include "adapters/files/journal_file.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/certificate_store.h"

namespace signet::server {

/// Whether journal and store, as a start finds them, tell the same story.
struct JournalCheck {
  const files::JournalFile& journal;
  const store::CertificateStore& store;
  const Clock& clock;
  Log& log;

  /// `mark`: where the journal stood by what the store says; none: it does not say. What is amiss
  /// goes into the log, and is given back for the journal itself:
  ///   AUDIT_JOURNAL_INCOMPLETE  the store knows of records that are not there or were changed,
  ///                             or one behind those does not follow from the one before
  ///   AUDIT_STORE_INCOMPLETE    the journal tells of certificates that the store does not know
  /// The second may be what a crash broke off before anybody was told. Faults: storage_failed.
  [[nodiscard]] Result<std::vector<audit::Event>> compare(
      const std::optional<audit::JournalMark>& mark) const;

 private:
  [[nodiscard]] audit::Event tell_incomplete_journal(const audit::JournalMark& mark,
                                                     std::string_view what) const;
  [[nodiscard]] Result<std::vector<audit::Event>> compare_certificates(
      const std::vector<std::string>& serials) const;
};

}  // namespace signet::server
