#include "apps/upkeep/ca_status_command.h"

#include <algorithm>
#include <iomanip>

#include "apps/tool/report.h"
#include "apps/upkeep/folder_findings.h"

namespace signet::tool {
namespace {

constexpr int kSomethingDue = 3;

struct StatusCommand {
  std::string directory;
  std::int64_t within_days = 30;
};

Json own_status_to_json(const OwnCertificateStatus& status) {
  Json json{{"what", status.what}, {"file", status.file}, {"due", status.due}};
  if (status.certificate) {
    const auto& certificate = *status.certificate;
    json["subject"] = pkix::to_text(certificate->subject);
    json["serial_number"] = "0x" + certificate->serial_number.to_hex();
    json["not_after"] = signet::to_text(certificate->validity.not_after);
    json["days_left"] = status.left.count();
  }
  if (!status.problem.empty()) json["problem"] = status.problem;
  if (!status.next.empty()) json["what_to_do"] = status.next;
  return json;
}

void print_own_status(std::ostream& out, const OwnCertificateStatus& status) {
  out << std::left << std::setw(26) << status.what;
  if (status.certificate) {
    const auto& certificate = *status.certificate;
    out << std::right << std::setw(6) << status.left.count() << " days left, until "
        << signet::to_text(certificate->validity.not_after) << "  "
        << printable(pkix::to_text(certificate->subject));
  }
  out << "\n";
  if (!status.problem.empty()) out << "  problem  " << printable(status.problem) << "\n";
  if (!status.next.empty()) out << "  next     " << printable(status.next) << "\n";
}

Json finding_to_json(const FolderFinding& finding) {
  Json json{{"what", finding.what}, {"file", finding.file}, {"problem", finding.problem}};
  if (!finding.next.empty()) json["what_to_do"] = finding.next;
  return json;
}

void print_finding(std::ostream& out, const FolderFinding& finding) {
  out << finding.what << "\n  problem  " << printable(finding.problem) << "\n";
  if (!finding.next.empty()) out << "  next     " << printable(finding.next) << "\n";
}

bool wants_care(const OwnCertificateStatus& status) {
  return status.due || !status.problem.empty();
}

Result<void> tell_own_status(const StatusCommand& command, Context& context, const Clock& clock) {
  const auto folder = TRY(read_authority_folder(command.directory));
  const auto engine = look_into_store(folder);
  const std::chrono::days within{command.within_days};
  const auto all = TRY(own_certificate_status(folder, engine, within, clock));
  const auto found = findings_in(folder, engine, clock);
  const bool wanting = !found.empty() || std::any_of(all.begin(), all.end(), wants_care);
  if (wanting) context.exit_status = kSomethingDue;
  Json certificates = Json::array();
  for (const auto& status : all) {
    certificates.push_back(own_status_to_json(status));
    if (!context.json) print_own_status(context.out, status);
  }
  Json findings = Json::array();
  for (const auto& finding : found) {
    findings.push_back(finding_to_json(finding));
    if (!context.json) print_finding(context.out, finding);
  }
  if (context.json) {
    write_json(context.out, {{"ok", context.exit_status == 0},
                             {"certificates", std::move(certificates)},
                             {"findings", std::move(findings)}});
  }
  return {};
}

}  // namespace

void add_ca_status_command(CLI::App& ca, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<StatusCommand>();
  auto* command = ca.add_subcommand(
      "status", "How long the authority's own certificates live, and what is wrong in its folder");
  command->add_option("--directory", wanted->directory, "Folder of the authority")
      ->required()
      ->type_name("DIR");
  command->add_option("--within", wanted->within_days, "What ends in so many days is due; 30")
      ->check(CLI::Range(1, 3650))
      ->type_name("DAYS");
  command->footer(
      "Exit status, for a timer: 0 all is well, 1 failed, 3 something is due or wrong.");
  command->callback([wanted, &context, &surroundings] {
    report(context, tell_own_status(*wanted, context, surroundings.clock));
  });
}

}  // namespace signet::tool
