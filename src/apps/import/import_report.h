#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/tool/report.h"
#include "base/clock.h"
#include "store/records.h"

namespace signet::tool {

/// Reasons, and how often each was met: the most frequent first when shown. Bounded: reasons beyond
/// the first hundred count as one.
class ReasonCounts {
 public:
  void count(const std::string& reason, std::uint64_t times = 1);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> by_frequency() const;

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

/// What was taken of an export, what became of it, what was left out and why.
struct ImportReport {
  std::string subject;  ///< of the authority
  std::uint64_t valid = 0;
  std::uint64_t revoked = 0;
  std::uint64_t on_hold = 0;
  std::uint64_t expired = 0;  ///< of all these
  std::uint64_t revocation_secrets = 0;
  std::uint64_t requests = 0;            ///< request entries
  std::uint64_t unclaimed_requests = 0;  ///< granted ones whose certificate was not taken
  std::uint64_t pending_requests = 0;    ///< of those left out
  std::uint64_t first_crl_number = 1;
  ReasonCounts remarks;
  ReasonCounts left_out;
  std::vector<std::string> profiles;
  std::vector<std::pair<std::string, std::string>> profiles_left_out;  ///< file, why
  bool secrets_closed = false;  ///< there are revocation secrets, and no key to open them

  [[nodiscard]] std::uint64_t certificates() const { return valid + revoked + on_hold; }
  void count(const store::CertificateRecord& record, Time now);
};

Json to_json(const ImportReport& report);
/// Lines for a person.
void print(std::ostream& out, const ImportReport& report);

/// The report's long parts, beside the store in `import/`, for their owner alone, a line each, with
/// tabs between fields:
///
///   requests.tsv   Dogtag's request id, what became of it, serial number, profile, requester
///   remarks.tsv    DN, in what its record differs or is doubtful
///   left-out.tsv   DN, line of the export, why
class ImportFiles {
 public:
  /// Begins them anew. Faults: storage_failed.
  static Result<ImportFiles> create(const std::string& folder);

  void request(const std::string& id, std::string_view state, const std::string& serial,
               const std::string& profile, const std::string& requester);
  void remark(const std::string& dn, const std::string& remark);
  void left_out(const std::string& dn, std::uint64_t line, const std::string& reason);
  /// Faults: storage_failed, when a line before did not get through either.
  Result<void> close();

 private:
  std::string folder_;
  std::ofstream requests_;
  std::ofstream remarks_;
  std::ofstream left_out_;
};

}  // namespace signet::tool
