#include "apps/import/import_report.h"

#include <algorithm>
#include <filesystem>
#include <iomanip>

#include "adapters/files/file.h"

namespace signet::tool {
namespace {

constexpr std::size_t kMostReasons = 100;

/// A field of a line: no tab, no line end.
std::string field(std::string_view text) {
  return printable(text);
}

Json counts_to_json(const ReasonCounts& counts) {
  Json list = Json::array();
  for (const auto& [reason, times] : counts.by_frequency()) {
    list.push_back({{"reason", reason}, {"count", times}});
  }
  return list;
}

void print_counts(std::ostream& out, const char* title, const ReasonCounts& counts) {
  if (counts.total() == 0) return;
  out << std::left << std::setw(15) << title << counts.total() << "\n";
  for (const auto& [reason, times] : counts.by_frequency()) {
    out << "                 " << times << "  " << printable(reason) << "\n";
  }
}

}  // namespace

void ReasonCounts::count(const std::string& reason, std::uint64_t times) {
  total_ += times;
  const bool is_kept = counts_.size() < kMostReasons || counts_.count(reason) > 0;
  counts_[is_kept ? reason : "other reasons"] += times;
}

std::vector<std::pair<std::string, std::uint64_t>> ReasonCounts::by_frequency() const {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts_.begin(), counts_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  return sorted;
}

void ImportReport::count(const store::CertificateRecord& record, Time now) {
  switch (record.status) {
    case store::CertificateStatus::valid:
      ++valid;
      break;
    case store::CertificateStatus::on_hold:
      ++on_hold;
      break;
    case store::CertificateStatus::revoked:
      ++revoked;
      break;
  }
  if (record.not_after < now) ++expired;
}

Json to_json(const ImportReport& report) {
  Json profiles_left_out = Json::array();
  for (const auto& [file, reason] : report.profiles_left_out) {
    profiles_left_out.push_back({{"file", file}, {"reason", reason}});
  }
  return {{"subject", report.subject},
          {"certificates",
           {{"taken", report.certificates()},
            {"valid", report.valid},
            {"revoked", report.revoked},
            {"on_hold", report.on_hold},
            {"expired", report.expired}}},
          {"revocation_secrets", report.revocation_secrets},
          {"requests",
           {{"seen", report.requests},
            {"pending", report.pending_requests},
            {"granted_without_certificate", report.unclaimed_requests}}},
          {"next_crl_number", report.first_crl_number},
          {"profiles", report.profiles},
          {"profiles_left_out", profiles_left_out},
          {"remarks", counts_to_json(report.remarks)},
          {"left_out", counts_to_json(report.left_out)}};
}

void print(std::ostream& out, const ImportReport& report) {
  out << "authority      " << printable(report.subject) << "\n"
      << "certificates   " << report.certificates() << " taken: " << report.valid << " valid, "
      << report.revoked << " revoked, " << report.on_hold << " on hold; " << report.expired
      << " of them have expired\n"
      << "secrets        " << report.revocation_secrets << " for revocation, still wrapped\n"
      << "requests       " << report.requests << " seen, " << report.pending_requests
      << " of them pending, " << report.unclaimed_requests
      << " granted whose certificate was not taken\n"
      << "next CRL       number " << report.first_crl_number << "\n"
      << "profiles       " << report.profiles.size() << " taken, "
      << report.profiles_left_out.size() << " left out\n";
  for (const auto& [file, reason] : report.profiles_left_out) {
    out << "                 " << printable(file) << ": " << printable(reason) << "\n";
  }
  print_counts(out, "remarks", report.remarks);
  print_counts(out, "left out", report.left_out);
}

Result<ImportFiles> ImportFiles::create(const std::string& folder) {
  const std::filesystem::path place{folder};
  for (const auto* name : {"requests.tsv", "remarks.tsv", "left-out.tsv"}) {
    TRY(files::write_secret_file(place / name, Bytes()));  // for its mode
  }
  ImportFiles files;
  files.folder_ = folder;
  files.requests_.open(place / "requests.tsv", std::ios::app);
  files.remarks_.open(place / "remarks.tsv", std::ios::app);
  files.left_out_.open(place / "left-out.tsv", std::ios::app);
  if (files.requests_ && files.remarks_ && files.left_out_) return files;
  return Error{Fault::storage_failed, "the report cannot be written in " + folder};
}

void ImportFiles::request(const std::string& id, std::string_view state, const std::string& serial,
                          const std::string& profile, const std::string& requester) {
  requests_ << field(id) << '\t' << field(state) << '\t' << serial << '\t' << field(profile) << '\t'
            << field(requester) << '\n';
}

void ImportFiles::remark(const std::string& dn, const std::string& remark) {
  remarks_ << field(dn) << '\t' << field(remark) << '\n';
}

void ImportFiles::left_out(const std::string& dn, std::uint64_t line, const std::string& reason) {
  left_out_ << field(dn) << '\t' << line << '\t' << field(reason) << '\n';
}

Result<void> ImportFiles::close() {
  requests_.close();
  remarks_.close();
  left_out_.close();
  if (requests_ && remarks_ && left_out_) return {};
  return Error{Fault::storage_failed, "the report in " + folder_ + " could not be written whole"};
}

}  // namespace signet::tool
